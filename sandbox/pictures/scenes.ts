import type { Brush } from './brush.ts';
import { drawAurora } from './scenes/aurora.ts';
import { drawBalloons } from './scenes/balloons.ts';
import { drawCircles } from './scenes/circles.ts';
import { drawCity } from './scenes/city.ts';
import { drawDunes } from './scenes/dunes.ts';
import { drawForest } from './scenes/forest.ts';
import { drawMountains } from './scenes/mountains.ts';
import { drawPlanet } from './scenes/planet.ts';
import { drawSea } from './scenes/sea.ts';

/** A kind of place, and the words in a prompt that call for it. */
export interface Scene {
  words: RegExp;
  draw(brush: Brush): string;
}

export const scenes: readonly [Scene, ...Scene[]] = [
  { words: /mountain|snow|alp|peak|fox|wolf|山/i, draw: drawMountains },
  { words: /sea|ocean|boat|ship|beach|wave|sail|海/i, draw: drawSea },
  { words: /city|street|tower|neon|cyberpunk|robot|城/i, draw: drawCity },
  { words: /desert|dune|sand|camel|egypt|沙/i, draw: drawDunes },
  { words: /space|planet|star|moon|galaxy|astronaut|星/i, draw: drawPlanet },
  { words: /forest|tree|wood|deer|owl|林/i, draw: drawForest },
  { words: /night|aurora|lake|north|夜/i, draw: drawAurora },
  { words: /balloon|sky|cloud|bird|travel|天/i, draw: drawBalloons },
  { words: /pattern|abstract|logo|poster|geometric|art|画/i, draw: drawCircles },
];
