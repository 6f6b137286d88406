import { pick, type Random } from '../../pictures/random.ts';
import type { Size } from '../../pictures/size.ts';

interface Text {
  en: string;
  zh: string;
}

const subjects = [
  'a quiet valley',
  'a lighthouse by the sea',
  'a city at night',
  'a garden of glass',
  'dunes at noon',
] as const;
const styles = [
  'in the style of a woodcut',
  'soft watercolor',
  'flat vector art',
  'oil on canvas',
  'film still',
] as const;
const lights = ['golden hour', 'pale morning light', 'long shadows', 'moonlight', 'overcast'] as const;

const aspects = ['1:1', '5:4', '4:5', '4:3', '3:4', '3:2', '2:3', '16:9', '9:16', '2:1', '1:2'] as const;

/**
 * Four different numbered lines with blank lines between, each with the picture's `--ar`; one has a link, as in
 * Midjourney's. trueai ends lines with `\r\n`.
 */
export function describePicture(random: Random, { size, lineEnd }: { size: Size; lineEnd: string }): Text {
  const [named, styled, lit] = [subjects, styles, lights].map((words) => shuffle(random, words));
  const lines = ['1️⃣', '2️⃣', '3️⃣', '4️⃣'].map((keycap, index) => {
    const style = styled?.[index] ?? '';
    const linked =
      index === 1 ? `[${style}](https://example.org/styles?q=${encodeURIComponent(style)})` : style;
    return `${keycap} ${named?.[index]}, ${linked}, ${lit?.[index]} --ar ${toAspectText(size)}`;
  });
  const en = lines.join(`${lineEnd}${lineEnd}`);
  return { en, zh: en };
}

function shuffle(random: Random, words: readonly [string, ...string[]]): string[] {
  const rest = [...words];
  return words.map(
    () => rest.splice(rest.indexOf(pick(random, [rest[0] ?? '', ...rest.slice(1)])), 1)[0] ?? '',
  );
}

/** The nearest ratio that people use. */
function toAspectText({ width, height }: Size): string {
  const distance = (text: string) => {
    const [across = 1, down = 1] = text.split(':').map(Number);
    return Math.abs(Math.log((across * height) / (down * width)));
  };
  return aspects.toSorted((one, other) => distance(one) - distance(other))[0] ?? '1:1';
}

/** "Important tokens", then five shorter and shorter prompts (the form in midjourney-proxy-plus docs/api.md). */
export function shortenPrompt(prompt: string): Text {
  const words = prompt.split(/\s+/).filter((word) => word !== '');
  const tokens = words.map((word, index) =>
    index % 3 === 0 ? `**${word}**` : index % 3 === 2 ? `~~${word}~~` : word,
  );
  const lines = ['1️⃣', '2️⃣', '3️⃣', '4️⃣', '5️⃣'].map((keycap, index) => {
    const share = Math.max(1, Math.ceil(words.length * (0.8 - index * 0.15)));
    return `${keycap} ${words.slice(0, share).join(' ')}`;
  });
  const en = `## Important tokens\n${tokens.join(' ')}\n## Shortened prompts\n${lines.join('\n\n')}`;
  return { en, zh: en };
}
