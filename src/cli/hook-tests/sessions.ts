/** The sessions of test files: cases of one run in turn, and keep the states of their hooks. */
import type { StateStore } from '../../dispatch/states.ts';
import { MemoryStates } from '../../server/memory-states.ts';
import type { TestCase } from './load-suites.ts';

type Named = Pick<TestCase, 'file' | 'session'>;

/** What a case of a session is evaluated with; nothing for all others. */
export interface InSession {
  readonly session?: string;
  readonly states?: StateStore;
}

export class Sessions {
  readonly #states = new MemoryStates();
  /** By session: the end of its last case that was begun. */
  readonly #ends = new Map<string, Promise<unknown>>();

  /** Runs a case when all cases of its session that were begun earlier are over. */
  inTurn<T>(one: Named, run: (where: InSession) => Promise<T>): Promise<T> {
    if (one.session === undefined) return run({});
    const session = JSON.stringify([one.file, one.session]);
    const before = this.#ends.get(session) ?? Promise.resolve();
    const running = before.then(() => run({ session, states: this.#states }));
    this.#ends.set(
      session,
      running.catch(() => undefined),
    );
    return running;
  }
}
