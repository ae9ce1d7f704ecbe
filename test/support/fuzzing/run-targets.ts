/**
 * Runs targets in the main thread of this process: `run-targets.ts SEED FROM TO NAME…`. It reports
 * the run before it starts, and its fault afterwards. The parent process watches: if a run reports
 * nothing more, it does not end or has ended the process.
 */
import { writeSync } from 'node:fs';
import { HookpoolError } from '../../../src/errors.ts';
import { FieldError, HttpError } from '../../../src/server/http-error.ts';
import { threadMs } from '../thread-time.ts';
import { random } from './random.ts';
import { type Target, targets } from './targets.ts';

/** A report, one JSON text per line. */
export type Told =
  | { readonly kind: 'run'; readonly target: string; readonly run: number }
  | {
      readonly kind: 'fault';
      readonly target: string;
      readonly run: number;
      readonly fault: string;
      readonly input: readonly string[];
    };

/** The maximum number of characters of an input in a report. */
const toldLetters = 300;

function inputOf({ name, make }: Target, seed: number, run: number): readonly string[] {
  return make(random(name, seed, run));
}

async function runAll(
  seed: number,
  from: number,
  to: number,
  names: readonly string[],
): Promise<void> {
  for (const target of targets.filter(({ name }) => names.includes(name))) {
    // Warm-up: the target is compiled before measured runs.
    await faultOf(target, inputOf(target, seed, -1));
    for (let run = from; run < to; run += 1) {
      const input = inputOf(target, seed, run);
      tell({ kind: 'run', target: target.name, run });
      const fault = await faultOf(target, input);
      if (fault !== undefined)
        tell({ kind: 'fault', target: target.name, run, fault, input: input.map(shortened) });
    }
  }
}

async function faultOf(target: Target, input: readonly string[]): Promise<string | undefined> {
  const since = threadMs();
  let thrown: unknown;
  try {
    await target.run(...input);
  } catch (error) {
    thrown = error;
  }
  const ms = threadMs() - since;
  if (ms > target.mostMs) return `held the thread for ${Math.round(ms)} ms`;
  return thrown === undefined || isAnswer(thrown)
    ? undefined
    : `threw ${thrown instanceof Error ? thrown.stack : String(thrown)}`;
}

/** Whether the error is an answer for the caller, and not a bug. */
function isAnswer(error: unknown): boolean {
  return (
    error instanceof HookpoolError || error instanceof HttpError || error instanceof FieldError
  );
}

function shortened(text: string): string {
  const half = toldLetters / 2;
  return text.length <= toldLetters
    ? text
    : `${text.slice(0, half)} … ${text.length} characters … ${text.slice(-half)}`;
}

function tell(told: Told): void {
  writeSync(1, `${JSON.stringify(told)}\n`);
}

const [seed, from, to, ...names] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename) {
  await runAll(
    Number(seed),
    Number(from),
    Number(to),
    names.length > 0 ? names : targets.map(({ name }) => name),
  );
  process.exit();
}
