export const glyphWidth = 5;
export const glyphHeight = 7;

const drawn = `
.###. ..#.. .###. .###. ...#. ##### ..##. ##### .###. .###.
#...# .##.. #...# #...# ..##. #.... .#... ....# #...# #...#
#..## ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...#
#.#.# ..#.. ...#. ..##. #..#. ....# ####. ..#.. .###. .####
##..# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....#
#...# ..#.. .#... #...# ...#. #...# #...# ..#.. #...# ...#.
.###. .###. ##### .###. ...#. .###. .###. ..#.. .###. .##..
`;

const lines = drawn
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

/** The digits from 0 to 9, line by line: the machine that the bot runs on may have no fonts. */
export const digits: readonly (readonly string[])[] = Array.from({ length: 10 }, (_, digit) =>
  lines.map((line) => line[digit] ?? ''),
);
