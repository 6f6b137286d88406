import { type Answer, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';

/** Where finished pictures are served for a while; they are drawn when somebody asks for them. */
export interface Shelf {
  /** Gives the picture's address. */
  put(name: string, draw: () => Promise<Buffer>): string;
  serve(path: string): Promise<Answer>;
}

export function createShelf({
  clock,
  lifeMs,
  origin,
}: {
  clock: Clock;
  lifeMs: number;
  origin: () => string;
}): Shelf {
  const kept = new Map<string, { draw: () => Promise<Buffer>; until: number; drawn?: Promise<Buffer> }>();
  return {
    put(name, draw) {
      const path = `/pictures/${name}`;
      kept.set(path, { draw, until: clock.now() + lifeMs });
      return `${origin()}${path}`;
    },
    async serve(path) {
      const picture = kept.get(path);
      if (picture === undefined || picture.until <= clock.now()) return toText(404, '');
      picture.drawn ??= picture.draw();
      return { status: 200, headers: { 'content-type': 'image/png' }, body: await picture.drawn };
    },
  };
}
