/** Keeps a growing list scrolled to its end, until somebody scrolls up; back at the end it follows again. */
export interface EndFollower {
  /** After something was added. */
  follow(): void;
  /** Scrolls to the end from anywhere. */
  goToEnd(): void;
  stay(): void;
}

export function followEnd(scroller: HTMLElement, nearPixels: number): EndFollower {
  let isFollowing = true;
  let lastTop = 0;

  // Something may be added between a scroll and its event, so being away from the end means nothing by itself.
  scroller.addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = scroller;
    if (scrollHeight - scrollTop - clientHeight < nearPixels) isFollowing = true;
    else if (scrollTop < lastTop) isFollowing = false;
    lastTop = scrollTop;
  });

  function follow(): void {
    if (isFollowing) scroller.scrollTo({ top: scroller.scrollHeight });
  }

  return {
    follow,
    goToEnd() {
      isFollowing = true;
      follow();
    },
    stay() {
      isFollowing = false;
    },
  };
}
