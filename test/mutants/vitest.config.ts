import { defineConfig } from 'vitest/config';

/** The same tests in a copy whose `node_modules` is a link: nothing may be written there. */
export default defineConfig({
  cacheDir: '.vite',
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 1,
    // A machine that runs mutants is busy, and a test that times out would catch them all.
    testTimeout: 120_000,
    hookTimeout: 40_000,
    bail: 1,
  },
});
