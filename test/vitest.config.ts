import { defineConfig } from 'vitest/config';

/**
 * `unit` and `measured` need nothing but node; the others need the engine and the image. `measured` holds what compares
 * times: it runs file by file and without coverage, because a second file on a shared core has made a linear reader look
 * four times as slow per doubling. `integration` runs file by file, because times
 * and counts of a whole machine are measured there; `commands` starts our commands, and two files run side by side.
 */
const commands = [
  'agent-files',
  'agent-projects',
  'cli',
  'engine-proxy-cli',
  'examples',
  'hook-agents',
  'hook-bridge',
  'hook-tests',
  'project-files',
].map((name) => `test/integration/${name}.test.ts`);
const measured = [
  'test/growth.test.ts',
  'test/growth-measure.test.ts',
  'test/fuzz.test.ts',
  'test/protocol/verdict/output-cost.test.ts',
  'test/files/growth.test.ts',
];
const withEngine = { testTimeout: 60_000, hookTimeout: 60_000, setupFiles: ['test/support/leak-guard.ts'] };

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/{protocol,agents,answering,files,bundling,wire}/**'],
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
      reporter: ['text-summary'],
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'test/{protocol,agents,answering,files,bundling,wire,redis-stores,threads,dispatch,server,sandbox,queue,cli,conformance,deploy,bench}/**/*.test.ts',
            'test/*.test.ts',
          ],
          exclude: measured,
          testTimeout: 10_000,
        },
      },
      { test: { name: 'measured', include: measured, fileParallelism: false, testTimeout: 60_000, retry: 3 } },
      {
        test: {
          name: 'integration',
          include: ['test/{integration,chaos}/**/*.test.ts'],
          exclude: commands,
          fileParallelism: false,
          ...withEngine,
        },
      },
      { test: { name: 'commands', include: commands, maxWorkers: 2, ...withEngine } },
    ],
  },
});
