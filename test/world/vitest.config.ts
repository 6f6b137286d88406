import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Within the namespace that `enter.ts` makes; its ports are taken by one test at a time. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/world/*.world.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
