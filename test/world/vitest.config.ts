import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Runs inside the namespace that `enter.ts` creates; only one test at a time uses its ports. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/world/*.world.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
