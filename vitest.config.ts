import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/** The world as in production takes the longest, most of it waiting: the others run meanwhile. */
class LongestFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]) {
    const isLongest = ({ moduleId }: (typeof files)[number]) => moduleId.includes('/test/world/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    maxWorkers: 3,
    testTimeout: 40_000,
    hookTimeout: 40_000,
  },
});
