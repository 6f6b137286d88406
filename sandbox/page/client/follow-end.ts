/** Keeps a growing list scrolled to its end, until somebody scrolls up; back at the end it follows again. */
export interface EndFollower {
  /** False while somebody is reading further up. */
  readonly isFollowing: boolean;
  /** After something was added. */
  follow(): void;
  /** Scrolls to the end from anywhere. */
  goToEnd(): void;
  stay(): void;
}

export function followEnd(
  scroller: HTMLElement,
  nearPixels: number,
  reached: () => void = () => {},
): EndFollower {
  let isFollowing = true;
  let lastTop = 0;

  // Something may be added between a scroll and its event, so being away from the end means nothing by itself.
  scroller.addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = scroller;
    if (scrollHeight - scrollTop - clientHeight < nearPixels) {
      isFollowing = true;
      reached();
    } else if (scrollTop < lastTop) isFollowing = false;
    lastTop = scrollTop;
  });

  function follow(): void {
    if (isFollowing) scroller.scrollTo({ top: scroller.scrollHeight });
  }

  return {
    get isFollowing() {
      return isFollowing;
    },
    follow,
    goToEnd() {
      isFollowing = true;
      reached();
      follow();
    },
    stay() {
      isFollowing = false;
    },
  };
}
