import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

/**
 * `unit`, `mocked` and `measured` need nothing but node, `redis` needs the program redis-server,
 * `commands` and `integration` need a container engine and the image. `unit` loads each module once
 * for all files (67 s of CPU time; 138 s where each file loads its own): modules have no state.
 * Files that replace a module, which would last, are in `mocked`, where each loads its modules anew
 * (20 s of CPU time with a process for each file, 14 s in two processes). `growth` compares CPU times of
 * its own threads, which other processes do not add to; `measured` waits, or looks at a clock. Both run
 * without coverage. `alone` is what
 * compares times or loads the machine with an engine or Redis, file by file. All other files of
 * `redis`, `commands` (our commands) and `integration` wait most of the time, and run side by side,
 * two for each core: each starts servers of its own on free ports, and counts the containers of its
 * own process alone. Those of one project share their processes, one after another, and so load each
 * module once.
 * Transformed modules stay in node_modules for the next run (of 60 files: transform 4.8 s, then 0.3 s;
 * import 5.8 s, then 0.9 s).
 */
const commands = [
  'agent-files',
  'agent-projects',
  'cli',
  'cli-check',
  'cli-exec',
  'engine-proxy-cli',
  'examples',
  'field-cases',
  'hook-agents',
  'hook-bridge-process',
  'serve-sockets',
  'hook-tests',
  'hook-tests-judges',
  'package',
  'project-files',
].map((name) => `test/integration/${name}.test.ts`);
const unitFolders = [
  'protocol',
  'agents',
  'answering',
  'files',
  'bundling',
  'wire',
  'redis',
  'redis-stores',
  'threads',
].concat([
  'dispatch',
  'server',
  'sandbox',
  'outbound',
  'queue',
  'cli',
  'conformance',
  'deploy',
  'bench',
  'console',
]);
const mocked = unitFolders.flatMap((folder) => testsIn(`test/${folder}`)).filter(replacesModules);

/** Whether the file, or a file of tests that it imports, calls vi.mock. */
function replacesModules(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  if (/\bvi\.(mock|doMock)\(/.test(text)) return true;
  const imports = [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, place = '']) =>
    path.join(path.dirname(file), place),
  );
  return imports.some(
    (one) => one.startsWith('test/') && !one.includes('samples') && replacesModules(one),
  );
}

function testsIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.test.ts')).map((file) => `${folder}/${file}`);
}

const growth = [
  'test/growth.test.ts',
  'test/growth-files.test.ts',
  'test/growth-measure.test.ts',
  'test/fuzz.test.ts',
  'test/protocol/verdict/output-cost.test.ts',
  'test/files/growth.test.ts',
];
const measured = [
  'test/server/body-limits.test.ts',
  'test/server/fair-places.test.ts',
  'test/server/fair-requests.test.ts',
  'test/server/limits.test.ts',
  'test/server/reading/reader.test.ts',
  'test/threads/thread-pool.test.ts',
];
const redis = [
  ...['corrupt-evaluations', 'corrupt-stores', 'redis-evaluations', 'redis-stores'],
  ...[
    'redis-counts',
    'redis-events',
    'redis-judge-places',
    'redis-shadows',
    'redis-spending',
    'redis-verdicts',
    'redis-states',
    'redis-topology',
    'stores',
    'stores-evaluations',
    'stores-versions',
    'queue-crew',
    'queue-losses',
    'queue-quarantine',
  ],
  ...[
    'outbound',
    'outbound-planted',
    'outbound-planted-judges',
    'queue-contexts',
    'queue-rest',
    'queue-results',
    'queue-states',
    'queue-suspects',
    'queue-trials',
  ],
]
  .map((name) => `test/integration/${name}.test.ts`)
  .concat(['clock', 'queue', 'redis', 'stores'].map((name) => `test/chaos/${name}.test.ts`));
const alone = [
  'test/chaos/deadline.test.ts',
  'test/integration/attacks.test.ts',
  'test/integration/fair-places.test.ts',
  'test/integration/reset.test.ts',
  'test/integration/two-tenants-queue.test.ts',
  'test/integration/two-tenants.test.ts',
];
/** A condition is waited for as long as a busy machine may need; Vitest's own limit is 1 s. */
const patient = { expect: { poll: { timeout: 10_000 } } };
/** One file for each core, each in a process of its own. */
const measuring = {
  ...patient,
  maxWorkers: availableParallelism(),
  testTimeout: 60_000,
  retry: 3,
};
const live = {
  ...patient,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  setupFiles: ['test/support/leak-guard.ts'],
};
/**
 * Modules of packages and of node as node itself gives them. The proxy that Vitest puts before each of
 * them takes an eighth of the CPU time of tests that parse YAML (11.2 s, 9.7 s without it).
 */
const deps = { interopDefault: false };
/**
 * Two files for each core, because they wait for most of their time. A process runs one file after
 * another: they change no module and no variable of the environment for good.
 */
const waiting = { ...live, maxWorkers: 2 * availableParallelism(), isolate: false };

export default defineConfig({
  test: {
    experimental: { fsModuleCache: true },
    sequence: { sequencer: LongFirst },
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
          ...patient,
          include: [
            ...unitFolders.map((folder) => `test/${folder}/**/*.test.ts`),
            'test/*.test.ts',
          ],
          exclude: [...growth, ...measured, ...mocked],
          isolate: false,
          deps,
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'mocked',
          ...patient,
          include: mocked,
          isolate: false,
          deps,
          setupFiles: ['test/support/fresh-modules.ts'],
          testTimeout: 10_000,
        },
      },
      { test: { name: 'growth', include: growth, ...measuring } },
      { test: { name: 'measured', include: measured, ...measuring } },
      {
        test: {
          name: 'integration',
          include: ['test/{integration,chaos}/**/*.test.ts'],
          exclude: [...commands, ...redis, ...alone],
          ...waiting,
        },
      },
      { test: { name: 'commands', include: commands, ...waiting } },
      {
        test: {
          name: 'redis',
          include: redis,
          ...waiting,
          // Beside the others in a run of its own: maxWorkers of all projects of a group are the same.
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 1 },
          setupFiles: ['test/support/leak-guard-redis.ts'],
        },
      },
      {
        // One browser and one process: a page of a file takes over what that of another has loaded.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          ...waiting,
          maxWorkers: 1,
          globalSetup: ['test/browser/global-browser.ts'],
          setupFiles: ['test/browser/guard.ts'],
        },
      },
      { test: { name: 'alone', include: alone, fileParallelism: false, ...live } },
    ],
  },
});
