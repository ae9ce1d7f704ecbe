/** The attempts of one call: the second one goes to another worker, within the budget. */
import { type Failure, failureOf } from '../protocol/decision.ts';

/** The result of one attempt. */
export type Attempt<T> =
  | { readonly value: T; readonly code?: string | undefined }
  | { readonly failure: Failure; readonly isAdded?: false };

export interface Trying<T> {
  readonly attempt: number;
  readonly leftMs: number;
  /** Undefined: this is the first. */
  readonly previous: Attempt<T> | undefined;
}

export interface Retrying<T> {
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  /** The way to the workers. */
  readonly line: {
    readonly closed: boolean;
    reconnected(timeoutMs: number): Promise<void>;
  };
  /** Whether another attempt is right after one that ended so. */
  readonly isRetried: (outcome: Attempt<T>) => boolean;
}

const attempts = 2;
/** With less time than this left, a second attempt only adds load. */
const worthRetryingMs = 50;
/** How long a retry waits for a lost connection to come back. */
const reconnectMs = 1_000;

/** Never rejects: an attempt that throws has its failure. */
export async function retrying<T>(
  { budgetMs, signal, line, isRetried }: Retrying<T>,
  attemptOnce: (one: Trying<T>) => Promise<Attempt<T>>,
): Promise<Attempt<T>> {
  const end = performance.now() + budgetMs;
  let previous: Attempt<T> | undefined;
  for (let attempt = 1; ; attempt++) {
    const leftBefore = end - performance.now();
    const outcome: Attempt<T> = await attemptOnce({
      attempt,
      leftMs: leftBefore,
      previous,
    }).catch(notSent);
    const leftMs = end - performance.now();
    const again = attempt < attempts && isRetried(outcome) && leftMs > worthRetryingMs;
    if (!again || signal.aborted || line.closed) return outcome;
    previous = outcome;
    await line.reconnected(Math.min(reconnectMs, leftMs / 2));
  }
}

/** The code with which an attempt ended; undefined for an answer of the hook's own. */
export function codeOf<T>(outcome: Attempt<T>): string | undefined {
  return 'failure' in outcome ? outcome.failure.code : outcome.code;
}

/** The failure of an attempt whose message could not be built. */
function notSent(error: unknown): { failure: Failure } {
  return { failure: failureOf(error) };
}
