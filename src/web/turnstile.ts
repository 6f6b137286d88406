/** Limits how many large things are under way at a time: in all, and for one person, so that nobody keeps the others out. */
export interface Turnstile {
  /** Lets one more in, and returns how to let it out again; `undefined` if there's no room now. */
  enter(person: string): (() => void) | undefined;
}

export function createTurnstile({ atOnce, perPerson }: { atOnce: number; perPerson: number }): Turnstile {
  const inside: string[] = [];

  return {
    enter(person) {
      const own = inside.filter((one) => one === person).length;
      if (inside.length >= atOnce || own >= perPerson) return undefined;
      inside.push(person);
      let isInside = true;
      return () => {
        if (isInside) inside.splice(inside.indexOf(person), 1);
        isInside = false;
      };
    },
  };
}
