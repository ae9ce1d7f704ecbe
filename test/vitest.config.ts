import { defineConfig } from 'vitest/config';

/**
 * `unit` needs nothing but node; the others need the engine and the image. `integration` runs file by file, because times
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
const withEngine = { testTimeout: 60_000, hookTimeout: 60_000, setupFiles: ['test/support/leak-guard.ts'] };

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
          include: [
            'test/{protocol,threads,dispatch,server,sandbox,queue,cli,conformance,deploy,bench}/**/*.test.ts',
            'test/*.test.ts',
          ],
          testTimeout: 10_000,
        },
      },
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
