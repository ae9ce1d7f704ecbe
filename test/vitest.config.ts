import { defineConfig } from 'vitest/config';

/** `unit` needs nothing but node; `integration` needs the engine and the image, and runs file by file. */
export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/protocol/**'],
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
      reporter: ['text-summary'],
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{protocol,dispatch,server,sandbox,queue,cli,conformance,deploy,bench}/**/*.test.ts', 'test/*.test.ts'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/{integration,chaos}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles: ['test/support/leak-guard.ts'],
        },
      },
    ],
  },
});
