import { describe, expect, it } from 'vitest';
import type { ProviderRequest } from '../../src/providers/provider.ts';
import { createStaging } from '../../src/runner/staging.ts';

const request = {} as ProviderRequest;
const aTask = (id: string, userId = id) => ({
  id,
  userId,
  book: 'here',
  promptKey: undefined,
  hasFiles: true,
});

describe('tasks whose files are fetched', () => {
  it('are eight at once, in progress or in memory', async () => {
    const staging = createStaging();
    const file = Promise.withResolvers<ProviderRequest>();
    const works = Array.from({ length: 8 }, (_, number) =>
      staging.begin(aTask(`${number}`), async () => (number < 4 ? request : file.promise)),
    );
    expect(works).not.toContain(undefined);
    await Promise.all(works.slice(0, 4));
    expect(staging.begin(aTask('ninth'), async () => request)).toBeUndefined();
    expect(staging.take('0')).toBe(request);
    expect(staging.begin(aTask('ninth'), async () => request)).toBeDefined();
    file.resolve(request);
    await Promise.all(works);
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
