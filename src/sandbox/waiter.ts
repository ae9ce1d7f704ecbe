/** Waiting in line for something that is handed out: with a time limit, and a way to give up. */
import { abortedError } from '../errors.ts';
import type { Isolation } from '../protocol/run.ts';

export interface Waiter<T> {
  readonly tenant: string;
  readonly isolation: Isolation;
  /** `performance.now()` of the request. */
  readonly since: number;
  /** Both take the waiter out of its line. */
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export interface WaitOptions {
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What the waiter is told when the time is over. */
  readonly late: () => Error;
}

/**
 * Adds a waiter to the end of `line`; settled by whoever serves the line, the timeout or the signal.
 * @throws what `late` gives after `timeoutMs` milliseconds; abortedError() of an aborted signal
 */
export function waitInLine<T>(line: Waiter<T>[], options: WaitOptions): Promise<T> {
  const { tenant, isolation, signal, timeoutMs, late } = options;
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
