import type { ChatInputCommandInteraction } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { imagine } from '../../commands/imagine.ts';
import type { CommandContext } from '../../src/discord/command.ts';
import { english } from '../../src/locales/index.ts';
import type { TaskRequest } from '../../src/task.ts';

/** The request that /imagine makes of these options. */
async function requestOf(values: Readonly<Record<string, unknown>>): Promise<TaskRequest> {
  const read = (name: string) => values[name] ?? null;
  const types = ['String', 'Integer', 'Number', 'Boolean', 'Attachment'];
  const options = Object.fromEntries(types.map((type) => [`get${type}`, read]));
  const started: TaskRequest[] = [];
  const context = {
    service: { start: async (request: TaskRequest) => started.push(request) },
    preferences: { read: async () => ({ presets: {}, codes: [] }) },
    caller: { userId: '1' },
    acknowledge: async () => undefined,
  };
  await imagine.execute(
    { options } as unknown as ChatInputCommandInteraction,
    context as unknown as CommandContext,
  );
  const [request] = started;
  if (request === undefined) throw new Error('nothing was started');
  return request;
}

/** What is suggested for an option, and how often preferences were read for it. */
async function suggest(name: string, value: string): Promise<{ suggested: unknown; reads: number }> {
  let reads = 0;
  const codes = [
    { name: 'Gold leaf', kind: 'style', value: '4242' },
    { name: 'My taste', kind: 'profile', value: 'abc12' },
  ];
  // Nothing else is there: whatever a suggestion read would be missing.
  const context = {
    words: english,
    caller: { userId: '1' },
    preferences: {
      read: async () => {
        reads += 1;
        return { presets: { ink: 'ink wash' }, codes };
      },
    },
  };
  const interaction = { options: { getFocused: () => ({ name, value }) } };
  const suggested = await imagine.complete?.(interaction as never, context as never);
  return { suggested, reads };
}

const namesOf = (command: ReturnType<typeof imagine.data.toJSON>) =>
  (command.options ?? []).map(({ name }) => name);

describe('the options of /imagine', () => {
  it('have three pictures, and leave room for those of others', () => {
    const names = namesOf(imagine.data.toJSON());
    expect(names.filter((name) => name.startsWith('image') && name !== 'image_weight')).toEqual([
      'image1',
      'image2',
      'image3',
    ]);
    // Discord allows 25 (Discord docs, "Application Command Structure").
    expect(names.length).toBeLessThanOrEqual(25);
  });

  it('include the pictures of a command that was registered before', async () => {
    const names = ['image1', 'image2', 'image3', 'image4', 'image5'];
    const pictures = names.map((name) => [
      name,
      { name: `${name}.png`, url: `https://cdn.example/${name}.png`, size: 1, contentType: 'image/png' },
    ]);
    const request = await requestOf({ prompt: 'a fox', ...Object.fromEntries(pictures) });
    expect(request.pictures.map(({ name }) => name)).toEqual(names.map((name) => `${name}.png`));
  });
});

describe('suggestions while somebody types', () => {
  it.each([
    ['aspect', 'wide', [{ name: '16:9 wide', value: '16:9' }], 0],
    ['aspect', '2／3', [{ name: '2:3 portrait', value: '2:3' }], 0],
    ['style_reference', 'GOLD', [{ name: 'Gold leaf: 4242', value: '4242' }], 1],
    ['style_reference', 'taste', [], 1],
    ['profile', 'taste', [{ name: 'My taste: abc12', value: 'abc12' }], 1],
    ['preset', '--ink', [{ name: '--ink: ink wash', value: 'ink' }], 1],
    ['preset', 'oil', [], 1],
  ])('for %s %j are %j, and need nothing but preferences', async (name, value, suggested, reads) => {
    expect(await suggest(name, value)).toEqual({ suggested, reads });
  });
});
