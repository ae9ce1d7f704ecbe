/**
 * `npm run bench [-- WHAT] [--quick] [--json] [--markdown] [--write] [--check] [--write-baseline] [--stored]`
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { HookpoolError, UnavailableError } from '../src/index.ts';
import { bridgeCommand } from './bridge.ts';
import { feltCommand } from './felt/command.ts';
import type { BenchOptions } from './options.ts';
import { scaleCommand } from './scale/command.ts';
import { sideBySideCommand, soakCommand, targetsCommand } from './side-by-side/command.ts';
import { typesCommand } from './types/command.ts';

const usage = `npm run bench [-- WHAT] [OPTIONS]

  side-by-side   every contender in every setting (default)
  scale          how the cost grows: hooks, containers, queue, workers, sizes
  all            both
  targets        what is promised, what is measured, and whether it holds
  soak           a worker's memory after 100,000 hooks; takes minutes
  bridge         what the bridge commands cost beside a bare start of node
  felt           what an agent waits for: each bridge beside a bare start of the same hooks, from start to end
  types          what a callable, http, prompt and agent hook costs beside its bare request

  --quick           fewer rounds, under a minute: to see that it works, not to quote
  --json            for machines
  --markdown        tables as --write stores them
  --write           store numbers, tables and plots in docs/benchmarks/, docs/scaling.md and the README
  --check           exit with 1 when a target got worse than in bench/baseline.json, beyond noise; says "cannot tell" and
                    exits with 0 where the interval of a value has the limit in it
  --write-baseline  make what was measured the baseline
  --stored          with targets: judge what --write stored, measure nothing

--check and --write-baseline without WHAT measure only what the targets need, in about two minutes. Use them on a quiet
machine and without --quick: a loaded one slows the chain of processes more than a single one.
`;

const commands: Readonly<Record<string, (options: BenchOptions) => Promise<number>>> = {
  'side-by-side': sideBySideCommand,
  scale: scaleCommand,
  all: async (options) => Math.max(await sideBySideCommand(options), await scaleCommand(options)),
  targets: targetsCommand,
  soak: soakCommand,
  bridge: bridgeCommand,
  types: typesCommand,
  felt: feltCommand,
};
const flags = [
  'json',
  'markdown',
  'quick',
  'write',
  'check',
  'write-baseline',
  'stored',
  'help',
] as const;
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' } as const])),
    allowPositionals: true,
  });
  const given = (flag: (typeof flags)[number]) => values[flag] === true;
  const usual = given('check') || given('write-baseline') ? 'targets' : 'side-by-side';
  const command = commands[positionals[0] ?? usual];
  if (given('help')) {
    console.log(usage);
    return 0;
  }
  if (command === undefined || positionals.length > 1)
    throw new UsageError(`There is no ${positionals.join(' ')}.`);
  return command({
    json: given('json'),
    markdown: given('markdown'),
    quick: given('quick'),
    write: given('write'),
    check: given('check'),
    writeBaseline: given('write-baseline'),
    stored: given('stored'),
    load: loadavg()[0] ?? 0,
    interrupted: interrupt.signal,
    progress: (text) => console.error(`bench: ${text}`),
  });
}

class UsageError extends Error {}

try {
  process.exitCode = await main();
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exitCode = 130;
  } else if (error instanceof UsageError || isUnknownOption(error)) {
    console.error(`${error.message}\n\n${usage}`);
    process.exitCode = 64;
  } else if (error instanceof HookpoolError) {
    console.error(`${error.message} (${error.code})`);
    process.exitCode = error instanceof UnavailableError ? 75 : 70;
  } else {
    throw error;
  }
}

function isUnknownOption(error: unknown): error is Error {
  return (
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}
