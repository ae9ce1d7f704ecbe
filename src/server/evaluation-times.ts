/** How long an evaluation waits for stores, and for another call with its id. */
import { orFallback } from '../deadline.ts';
import { UnavailableError } from '../errors.ts';
import { type EvaluationInput, leftMs } from './evaluation-input.ts';
import type { StoredEvaluation } from './stores.ts';

/**
 * Timeout of a store. A working store answers in a few milliseconds; one that hangs must leave the
 * event its time.
 */
const maxStoreMs = 500;
/**
 * The timeout of one read from a store. An evaluation reads at most twice in sequence, so a third
 * of the deadline is left.
 */
export function storeTimeoutMs(deadlineMs: number | undefined): number {
  return Math.min(maxStoreMs, (deadlineMs ?? Infinity) / 3);
}

/**
 * The answer of a call that began earlier.
 * @returns undefined when that call ran out of its own time, which may be shorter
 * @throws UnavailableError `OVERLOADED` when this call's deadline passes first
 */
export async function joined(
  running: Promise<StoredEvaluation>,
  input: EvaluationInput,
): Promise<StoredEvaluation | undefined> {
  const late = () => {
    throw new UnavailableError(
      'OVERLOADED',
      'An earlier call with this id has not ended within the deadline of this one.',
    );
  };
  const ended = running.catch((error: unknown) => {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  });
  const withinMs = leftMs(input);
  return withinMs === undefined ? ended : orFallback(withinMs, ended, late);
}
