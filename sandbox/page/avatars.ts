/** Pairs of colors that white reads well on. */
const grounds = [
  ['#5865f2', '#3c45a5'],
  ['#c2559b', '#8a2f6b'],
  ['#2d8f6f', '#17604a'],
  ['#c77b30', '#8f4f14'],
  ['#a34fd1', '#6c2c93'],
  ['#c4484f', '#8a2a31'],
] as const;

/** A sail, for the bot. */
const sail =
  '<path d="M19.6 6v19H8.4C13 20.500 17 13.500 19.600 6z" fill="#fff"/>' +
  '<path d="M21.600 11c4 3.500 6.600 8.500 7.600 14h-7.600z" fill="#fff" opacity=".82"/>' +
  '<path d="M6.500 27.500h27c-2 4-5.500 6-10 6h-7c-4.500 0-8-2-10-6z" fill="#fff"/>';

/** A picture for a person's name; without one, the bot's. */
export function drawAvatar(name: string | undefined): string {
  const [from, to] =
    name === undefined ? ['#1f6feb', '#7a3ff2'] : (grounds[toNumber(name) % grounds.length] ?? grounds[0]);
  const [letter = '?'] = /[\p{L}\p{N}]/u.exec(name?.toUpperCase() ?? '') ?? [];
  const front =
    name === undefined
      ? sail
      : `<text x="20" y="27" text-anchor="middle" font-family="sans-serif" font-size="19" font-weight="600" fill="#fff">${letter}</text>`;
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">' +
    `<linearGradient id="ground" x2="1" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>` +
    `<rect width="40" height="40" fill="url(#ground)"/>${front}</svg>`
  );
}

function toNumber(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997, 7);
}
