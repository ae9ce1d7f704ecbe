/** A line of waiters for something that is handed out, with a timeout and cancellation. */
import { abortedError } from '../errors.ts';
import type { Isolation } from '../protocol/run.ts';
import type { SandboxKind } from '../protocol/sandbox-kind.ts';

export interface Waiter<T> {
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly kind: SandboxKind;
  /** `performance.now()` of the request. */
  readonly since: number;
  /** `resolve` and `reject` both take the waiter out of its line. */
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export interface WaitOptions {
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly kind: SandboxKind;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Returns the error of a waiter that has waited for `timeoutMs`. */
  readonly late: () => Error;
}

/**
 * Adds a waiter to the end of `line`, which is settled by the code that serves the line, by the
 * timeout or by the signal.
 * @throws the error that `late` returns after `timeoutMs` milliseconds; abortedError() of an
 * aborted signal
 */
export function waitInLine<T>(line: Waiter<T>[], options: WaitOptions): Promise<T> {
  const { tenant, isolation, kind, signal, timeoutMs, late } = options;
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      const index = line.indexOf(waiter);
      if (index >= 0) line.splice(index, 1);
    };
    const waiter: Waiter<T> = {
      tenant,
      isolation,
      kind,
      since: performance.now(),
      resolve: (value) => {
        leave();
        resolve(value);
      },
      reject: (error) => {
        leave();
        reject(error);
      },
    };
    const giveUp = () => {
      if (signal !== undefined) waiter.reject(abortedError(signal));
    };
    const timer = setTimeout(() => waiter.reject(late()), timeoutMs);
    line.push(waiter);
    if (signal?.aborted === true) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}
