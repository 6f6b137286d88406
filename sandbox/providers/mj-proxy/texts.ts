import { pick, type Random } from '../../pictures/random.ts';

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
  'soft watercolour',
  'flat vector art',
  'oil on canvas',
  'film still',
] as const;
const lights = ['golden hour', 'pale morning light', 'long shadows', 'moonlight', 'overcast'] as const;

/** Four numbered lines with blank lines between, each with `--ar`; one holds a link, as Midjourney's do. */
export function describePicture(random: Random): Text {
  const lines = ['1️⃣', '2️⃣', '3️⃣', '4️⃣'].map((keycap, index) => {
    const style = pick(random, styles);
    const linked =
      index === 1 ? `[${style}](https://example.org/styles?q=${encodeURIComponent(style)})` : style;
    return `${keycap} ${pick(random, subjects)}, ${linked}, ${pick(random, lights)} --ar 1:1`;
  });
  const en = lines.join('\n\n');
  return { en, zh: en };
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
