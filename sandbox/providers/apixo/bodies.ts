import type { ApixoHabits } from './habits.ts';

/** A JSON object as it arrived. */
export type Input = Readonly<Record<string, unknown>>;

export function toRecord(value: unknown): Input {
  return typeof value === 'object' && value !== null ? (value as Input) : {};
}

export function isFollowUp(input: Input): boolean {
  return ['vary', 'upscale', 'reroll', 'enhance'].includes(String(input['mode']));
}

const ratios = ['1:1', '1:2', '2:1', '2:3', '3:2', '3:4', '4:3', '5:6', '6:5', '9:16', '16:9'];
const steps = { variety: [5, 100], stylization: [50, 1_000], weirdness: [100, 3_000] } as const;

/** What's wrong with a body, in the style of "Missing required field: input.prompt" (docs/api-reference/error-codes). */
export function findProblem(body: Input, input: Input, habits: ApixoHabits): string | undefined {
  if (body['input'] === undefined) return 'Missing required field: input';
  const type = body['request_type'] ?? 'async';
  if (type !== 'async' && type !== 'callback') return 'request_type must be async or callback';
  if (type === 'callback' && body['callback_url'] === undefined)
    return 'Missing required field: callback_url';
  const mode = input['mode'] ?? 'text-to-image';
  const modes = ['text-to-image', 'image-to-image'];
  if (habits.generation === 'current') modes.push('image-edit', 'vary', 'upscale', 'reroll', 'enhance');
  if (!modes.includes(String(mode))) return `mode must be one of ${modes.join(', ')}`;
  return (
    findSpeedProblem(input, habits) ??
    (isFollowUp(input) ? findFollowUpProblem(input) : findFieldProblem(input, habits))
  );
}

function findSpeedProblem(input: Input, { generation }: ApixoHabits): string | undefined {
  const { speed } = input;
  if (generation === 'seed' && speed === undefined) return 'Missing required field: input.speed';
  const speeds = ['relaxed', 'fast', 'turbo', ...(generation === 'current' ? ['draft'] : [])];
  if (speed !== undefined && !speeds.includes(String(speed)))
    return `speed must be one of ${speeds.join(', ')}`;
  const isDiffusion = /^(text|image)-to-image$/.test(String(input['mode'] ?? 'text-to-image'));
  return speed === 'draft' && !isDiffusion ? 'draft is for text-to-image and image-to-image' : undefined;
}

function findFollowUpProblem(input: Input): string | undefined {
  if (typeof input['taskId'] !== 'string') return 'Missing required field: input.taskId';
  if (input['mode'] === 'reroll') return undefined;
  const index = input['imageIndex'];
  return typeof index === 'number' && [0, 1, 2, 3].includes(index) ? undefined : 'imageIndex must be 0 to 3';
}

function findFieldProblem(input: Input, { generation }: ApixoHabits): string | undefined {
  const { prompt, mode } = input;
  if (typeof prompt !== 'string' || prompt === '') return 'Missing required field: input.prompt';
  if (prompt.length > 2_000) return 'prompt is longer than 2000 characters';
  const urls = input['image_urls'] ?? [];
  if (!Array.isArray(urls) || !urls.every((url) => /^https?:/.test(String(url))))
    return 'image_urls must be URLs';
  const most = mode === 'image-edit' ? 1 : generation === 'seed' ? 2 : 20;
  if (urls.length > most || (String(mode).startsWith('image') && urls.length === 0))
    return `image_urls must be 1 to ${most}`;
  if (!ratios.includes(String(input['aspect_ratio'] ?? '16:9')))
    return `aspect_ratio must be one of ${ratios.join(', ')}`;
  if (String(input['version'] ?? '7') !== '7') return 'version must be 7';
  const wrong = Object.entries(steps).find(([name, [step, largest]]) => {
    const value = input[name] ?? 0;
    return typeof value !== 'number' || value < 0 || value > largest || value % step !== 0;
  });
  return wrong === undefined
    ? undefined
    : `${wrong[0]} must be a multiple of ${wrong[1][0]} up to ${wrong[1][1]}`;
}
