/**
 * `npm run test:all`: everything that `make test` runs on the compiled program, below an engine.
 * Prints the whole output of a phase when that ends, and at the end the time of each one and the
 * failed tests.
 */
import { type Dirent, readdirSync } from 'node:fs';
import { compiled } from './support/compiled.ts';
import { failureLines } from './support/failures.ts';
import { type Ended, type Phase, runPhases } from './support/phases.ts';

const vitest = (...projects: string[]) =>
  `vitest run ${projects.map((name) => `--project ${name}`).join(' ')}`;

/**
 * Tests of these folders cover what vitest.config.ts demands the coverage of. All others run without:
 * after each test file the coverage of all modules that its process has loaded is read and merged.
 */
const covering = [
  ...['protocol', 'agents', 'answering', 'files', 'bundling', 'wire'],
  ...['dispatch', 'conformance', 'cli', 'outbound'],
];
/** Unless it is told otherwise, Vitest leaves a core idle. @param places folders and files of test/ */
const units = (places: readonly string[], option = '') =>
  `${vitest('unit', 'mocked')} --maxWorkers=100% ${option} ${places.map((place) => `test/${place}`).join(' ')}`;
const isTest = ({ name }: Dirent) => name.endsWith('.test.ts');
const inTest = readdirSync(import.meta.dirname, { withFileTypes: true });
const others = inTest
  .filter((entry) => (entry.isDirectory() ? !covering.includes(entry.name) : isTest(entry)))
  .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));

/** Waits of 100 ms to a second are faults there, and of a busy machine too: nothing runs beside them. */
const undisturbed = ['chaos/deadline', 'integration/attacks', 'integration/two-tenants'].map(
  (name) => `test/${name}.test.ts`,
);

/**
 * First what waits for the network or needs one core beside what needs both; then what needs an engine
 * or Redis, with more workers than cores; then what the rest of the machine would disturb; last,
 * beside no other phase, what looks at a clock.
 */
const phases: readonly Phase[] = [
  {
    name: 'images',
    command: `
      image=$(node dist/cli/main.js image)
      sandbox-images/build.sh "$image"
      sandbox-images/build.sh "\${image/sandbox:/sandbox-full:}" '' full
      deploy/setup/redis.sh
      deploy/setup/chromium.sh
      deploy/setup/compose.sh version
      deploy/setup/app-images.sh`,
  },
  { name: 'check', command: 'npm run -s check' },
  {
    name: 'covered units',
    command: units(
      covering.map((folder) => `${folder}/`),
      '--coverage',
    ),
  },
  { name: 'other units', command: units(others), after: ['covered units'] },
  { name: 'conformance', command: 'npm run -s conformance', after: ['other units'] },
  {
    name: 'side by side',
    command: vitest('integration', 'commands'),
    needs: ['images'],
    after: ['conformance'],
  },
  {
    // Waits for most of its time, so that it has no place among those that need the cores.
    name: 'redis',
    command: vitest('redis'),
    needs: ['images'],
    after: ['conformance'],
  },
  {
    name: 'browser',
    command: vitest('browser'),
    needs: ['images'],
    after: ['conformance'],
  },
  {
    name: 'conformance in sandboxes',
    command: 'npm run -s conformance -- --live',
    needs: ['images'],
    after: ['conformance'],
  },
  {
    name: 'alone',
    command: [vitest('alone'), ...undisturbed].join(' --exclude '),
    needs: ['images'],
    after: ['side by side', 'redis', 'browser', 'conformance in sandboxes'],
  },
  {
    // Counts CPU time alone, and gets what the others leave of the cores, half of them.
    name: 'growth',
    command: `chrt --idle 0 ${vitest('growth')}`,
    after: ['side by side', 'redis', 'browser', 'conformance in sandboxes'],
  },
  {
    name: 'undisturbed',
    command: [vitest('alone'), ...undisturbed].join(' '),
    needs: ['images'],
    after: ['alone', 'growth'],
  },
  { name: 'measured', command: vitest('measured'), after: ['undisturbed'] },
  {
    name: 'no leftovers',
    command: `node ${await compiled('test/support/no-leftovers.ts')}`,
    needs: ['images'],
    after: ['measured'],
  },
  { name: 'audit', command: 'deploy/setup/audit.sh', after: ['check'] },
];

function told({ name, outcome, seconds }: Ended): string {
  return `${name}: ${outcome}, ${seconds.toFixed(0)} s`;
}

const all = await runPhases(phases, (phase) => {
  console.log(`==> ${told(phase)}\n${phase.output}`);
});
console.log(['==> All phases', ...all.map(told), ...failureLines(all)].join('\n'));
process.exitCode = all.every(({ outcome }) => outcome === 'passed') ? 0 : 1;
