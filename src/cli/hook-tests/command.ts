/** `hookpool test`: runs the test cases of hooks files. */
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { readConfig } from '../../config.ts';
import { InvalidInputError, messageOf } from '../../errors.ts';
import { failModes } from '../../protocol/dialect.ts';
import { openPool } from '../../sandbox/open-pool.ts';
import { closePool } from '../close-pool.ts';
import { type Arguments, type Command, exitCodes, type Io } from '../command.ts';
import { poolOptions } from '../pool-options.ts';
import { readWorkspaces, workspaceOption, workspaceUsage } from '../workspace-option.ts';
import { consoleLine, consoleSummary } from './console-report.ts';
import { readInjections } from './injections.ts';
import { jsonReport } from './json-report.ts';
import { junitReport } from './junit-report.ts';
import { openAnswers } from './open-answers.ts';
import { asFailure, exitCodeOf, type Report } from './result.ts';
import { Session } from './session.ts';
import { tapReport } from './tap-report.ts';
import { watchTests } from './watch-tests.ts';

const usage = `hookpool test DIR|FILE...

Runs the cases of *.hooktest.yaml files in sandboxes. A DIR stands for all such files in and below it.

  --project DIR        folder whose files the hooks name; default: that of each hooks file
  --fail-mode MODE     allow, block or ask: the failMode of hooks that say none
  --only PATTERN       only cases whose FILE: NAME has this text, or matches it as /expression/
  --concurrency N      cases at once, 1 to 64; default: one per CPU, at most HOOKPOOL_MAX
${workspaceUsage(23)}
  --record             ask judges and services once, and keep their answers in answers/ beside the file
  --live               ask judges and services, and keep nothing
  --repeat N           with --live: run each case 1 to 1,000 times; expect: {atLeast: 0.95} is the rate
  --inject             run each case that expects a block again with each of 42 hostile texts in it
  --tenant NAME        with --record or --live: whose judges and targets; default: default
  --bail               start nothing more after a case that did not pass
  --require-coverage   a hook that no case runs is a failure
  --watch              run again what changed, until Ctrl-C
  --json               the report as JSON on stdout
  --tap                the report as TAP 14 on stdout
  --junit FILE         the report as JUnit XML into a file

Without --record and --live nothing is asked: the case, or answers/, says what judges and services
answer. HOOKPOOL_JUDGES_FILE and HOOKPOOL_TARGETS_FILE name those that --record and --live ask.

Exit code: 0 all passed; 1 a case failed; 64 bad usage or a bad file; 75 no engine, or it failed,
or a judge or service that was asked did; 70 a bug; 130 interrupted (with --watch: the code of the last result).
`;

const maxConcurrency = 64;
const maxRepeat = 1_000;

export const testCommand: Command = {
  usage,
  options: {
    project: { type: 'string' },
    'fail-mode': { type: 'string' },
    only: { type: 'string' },
    concurrency: { type: 'string' },
    ...workspaceOption,
    record: { type: 'boolean' },
    live: { type: 'boolean' },
    repeat: { type: 'string' },
    inject: { type: 'boolean' },
    tenant: { type: 'string' },
    bail: { type: 'boolean' },
    'require-coverage': { type: 'boolean' },
    watch: { type: 'boolean' },
    json: { type: 'boolean' },
    tap: { type: 'boolean' },
    junit: { type: 'string' },
  },
  run: testHooks,
};

async function testHooks(args: Arguments, io: Io): Promise<number> {
  checkUsage(args);
  const config = readConfig();
  const concurrency =
    wholeNumber(args, 'concurrency', maxConcurrency) ??
    Math.min(os.availableParallelism(), config.max, maxConcurrency);
  const repeat = wholeNumber(args, 'repeat', maxRepeat);
  const signal = io.stopSignal();
  const workspaces = readWorkspaces(args, io);
  const pool = openPool({
    ...poolOptions(config),
    workspaces,
    warm: 0,
    max: Math.max(config.max, concurrency),
  });
  const publish = (report: Report) => publishReport(report, args, io);
  try {
    const session = new Session({
      ...{ pool, workspaces, answers: await openAnswers(args, pool, workspaces) },
      repeat,
      injections: args.flag('inject') ? await readInjections() : undefined,
      places: args.positionals,
      project: args.text('project'),
      failMode: args.oneOf('fail-mode', failModes),
      isolation: config.isolation,
      concurrency,
      bail: args.flag('bail'),
      only: args.text('only'),
      signal,
      onResult: (result, before) =>
        isQuiet(args) || io.out(consoleLine(result, before?.file, io.terminal)),
    });
    if (args.flag('watch')) return await watchTests(session, { publish, io, signal });
    return await publish(await session.test(await session.load()));
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    await closePool(pool, io);
  }
}

function checkUsage(args: Arguments): void {
  const refuse = (message: string): never => {
    throw new InvalidInputError('INVALID_USAGE', message);
  };
  if (args.positionals.length === 0) refuse('Name at least one DIR or FILE.');
  if (args.flag('json') && args.flag('tap')) refuse('--json and --tap both want stdout: keep one.');
  if (args.flag('watch') && isQuiet(args))
    refuse('--watch is for people: leave out --json and --tap.');
  checkAsking(args, refuse);
  if (args.flag('require-coverage') && (args.text('only') !== undefined || args.flag('bail')))
    refuse('--require-coverage needs every case: leave out --only and --bail.');
}

function checkAsking(args: Arguments, refuse: (message: string) => never): void {
  const isAsking = args.flag('record') || args.flag('live');
  if (args.flag('record') && args.flag('live'))
    refuse('--record keeps the answers and --live does not: keep one.');
  if (args.text('repeat') !== undefined && !args.flag('live'))
    refuse('--repeat needs --live: the same recorded answer is the same decision.');
  if (args.text('tenant') !== undefined && !isAsking)
    refuse('--tenant needs --record or --live: nothing else asks judges and services.');
  if (args.flag('watch') && isAsking)
    refuse('--watch would ask again at each change: leave out --record and --live.');
}

function wholeNumber(args: Arguments, name: string, most: number): number | undefined {
  const count = args.number(name, 1, most);
  if (count === undefined || Number.isInteger(count)) return count;
  throw new InvalidInputError('INVALID_USAGE', `--${name} is ${count}; it must be a whole number.`);
}

/** Whether a program reads stdout. */
function isQuiet(args: Arguments): boolean {
  return args.flag('json') || args.flag('tap');
}

/** @returns the exit code. */
async function publishReport(report: Report, args: Arguments, io: Io): Promise<number> {
  const uncovered = args.flag('require-coverage') ? (report.unreached ?? []).map(asFailure) : [];
  const results = [...report.results, ...uncovered];
  const whole = { ...report, results };
  // An uncovered hook is reported once: as a failure or as a hint.
  const forPeople = uncovered.length > 0 ? { ...whole, unreached: [] } : whole;
  if (args.flag('json')) io.out(jsonReport(whole));
  else if (args.flag('tap')) io.out(tapReport(forPeople));
  else io.out(consoleSummary(forPeople, io.terminal));
  const junit = args.text('junit');
  if (junit !== undefined) await writeReport(junit, junitReport(whole));
  return exitCodeOf(results);
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new InvalidInputError('INVALID_USAGE', `Cannot write ${file}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
