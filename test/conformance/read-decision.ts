/** What a case can expect of a decision, read from its results. */
import type { Decision, HookResult } from '../../src/protocol/decision.ts';

/** The four ends of a hook, in the words of the lifecycle. */
export function outcomeOf({ decision, results }: Decision): string {
  const isCancelled = results.some(
    ({ facts }) => facts?.status === 'timed-out' || facts?.status === 'cancelled',
  );
  if (isCancelled) return 'cancelled';
  if (decision === 'block') return 'blocking';
  return results.some(isError) ? 'non-blocking-error' : 'success';
}

/** The messages of the lines of progress. */
export function progressIn(stdout: string): unknown[] {
  const lines = stdout.split('\n').filter((line) => line.includes('"progress"'));
  return lines.map((line) => (JSON.parse(line) as { message?: unknown }).message);
}

/** `expected` when the printed JSON has all of its values, else what was printed. */
export function subset(expected: unknown, printed: string | undefined): unknown {
  const actual = JSON.parse(printed ?? 'null') as Record<string, unknown> | null;
  const all = Object.entries(expected as object).every(
    ([key, value]) => JSON.stringify(actual?.[key]) === JSON.stringify(value),
  );
  return all ? expected : actual;
}

export function isError(result: HookResult): boolean {
  return result.cause.kind === 'fail-mode';
}

export function contains(text: string | undefined, expected: unknown): unknown {
  return text?.includes(String(expected)) === true ? expected : (text ?? null);
}

/** What a model may be told; the reason of a hook that did not decide is in its result. */
export function saidIn({ additionalContext, reason, results }: Decision): (string | undefined)[] {
  return [additionalContext, reason, ...results.map((result) => result.reason)];
}
