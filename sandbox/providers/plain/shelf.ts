import { type Answer, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';

/** Where finished pictures are served for a while; they're drawn when somebody asks for them. */
export interface Shelf {
  /** Returns the picture's address. */
  put(name: string, draw: () => Promise<Buffer>): string;
  serve(path: string): Promise<Answer>;
}

export function createShelf({
  clock,
  lifeMs,
  origin,
  alter = (drawn) => drawn,
  alterAddress = (url) => url,
}: {
  clock: Clock;
  lifeMs: number;
  origin: () => string;
  /** By the number at the end of its name. */
  alter?: (drawn: Buffer, number: number) => Buffer | Promise<Buffer>;
  alterAddress?: ((url: string) => string) | undefined;
}): Shelf {
  const kept = new Map<string, { draw: () => Promise<Buffer>; until: number; drawn?: Promise<Buffer> }>();
  return {
    put(name, draw) {
      const path = `/pictures/${name}`;
      const number = Number(/-(\d+)\.\w+$/.exec(name)?.[1] ?? 0);
      const drawAltered = async () => alter(await draw(), number);
      kept.set(path, { draw: drawAltered, until: clock.now() + lifeMs });
      return alterAddress(`${origin()}${path}`);
    },
    async serve(path) {
      const picture = kept.get(path);
      if (picture === undefined || picture.until <= clock.now()) return toText(404, '');
      picture.drawn ??= picture.draw();
      return { status: 200, headers: { 'content-type': 'image/png' }, body: await picture.drawn };
    },
  };
}
