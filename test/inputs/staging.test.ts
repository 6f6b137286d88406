import { describe, expect, it } from 'vitest';
import { createStaging } from '../../src/inputs/staging.ts';
import type { ProviderRequest } from '../../src/providers/provider.ts';

const request = {} as ProviderRequest;
const aTask = (id: string, userId = id) => ({
  id,
  userId,
  book: 'here',
  promptKey: undefined,
  hasFiles: true,
  price: 100,
});

describe('tasks whose files are fetched', () => {
  it('are eight at once, in progress or in memory', async () => {
    const staging = createStaging();
    const file = Promise.withResolvers<ProviderRequest>();
    const works = Array.from({ length: 8 }, (_, number) =>
      staging.begin(aTask(`${number}`), () => file.promise),
    );
    expect(works).not.toContain(undefined);
    expect(staging.begin(aTask('ninth'), async () => request)).toBeUndefined();
    file.resolve(request);
    await Promise.all(works);
  });

  it('make room, the oldest first, for one that could go right now', async () => {
    const staging = createStaging();
    const names = Array.from({ length: 8 }, (_, number) => `${number}`);
    for (const name of names) await staging.begin(aTask(name), async () => request);
    await staging.begin(aTask('ninth'), async () => request);
    expect([...names, 'ninth'].filter((name) => !staging.has(name))).toEqual(['0']);
  });

  it('take no room once nobody waits for them', async () => {
    const staging = createStaging();
    for (let number = 0; number < 8; number += 1)
      await staging.begin(aTask(`${number}`), async () => request);
    staging.keepOnly(new Set(['3']));
    expect([staging.has('2'), staging.has('3')]).toEqual([false, true]);
    expect(staging.begin(aTask('ninth'), async () => request)).toBeDefined();
  });
});
