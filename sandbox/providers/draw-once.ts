/** Draws each picture once while it's remembered; the `most` latest ones are. */
export function createDrawOnce(most: number) {
  const drawn = new Map<string, Promise<Buffer>>();
  return (name: string, draw: () => Promise<Buffer>): Promise<Buffer> => {
    const known = drawn.get(name);
    if (known !== undefined) return known;
    const picture = draw();
    drawn.set(name, picture);
    const [oldest] = drawn.keys();
    if (drawn.size > most && oldest !== undefined) drawn.delete(oldest);
    return picture;
  };
}
