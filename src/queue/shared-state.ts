/**
 * A worker's state in shared memory. The main thread writes it, and the heartbeat thread reads it
 * at any time without a message, also while the main thread is busy.
 */
import type { WorkerState } from './heartbeat.ts';
import { monotonicMs } from './monotonic.ts';

const fields = ['capacity', 'running', 'meanJobMs', 'starting', 'answeredAt'] as const;
type Field = (typeof fields)[number];

export class SharedState {
  readonly buffer: SharedArrayBuffer;
  readonly #numbers: Float64Array;

  constructor(buffer = new SharedArrayBuffer(fields.length * Float64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#numbers = new Float64Array(buffer);
  }

  /**
   * Called by the main thread: stores its state and the present time, which shows that it responds.
   */
  write(state: Omit<WorkerState, 'stuckMs'>): void {
    const values = {
      ...state,
      starting: state.starting === true ? 1 : 0,
      answeredAt: monotonicMs(),
    };
    for (const [at, field] of fields.entries()) this.#numbers[at] = values[field];
  }

  /** Called by the heartbeat thread. */
  read(): WorkerState {
    const value = (field: Field) => this.#numbers[fields.indexOf(field)] ?? 0;
    const stuckMs = Math.max(0, Math.round(monotonicMs() - value('answeredAt')));
    const [capacity, running, meanJobMs] = [
      value('capacity'),
      value('running'),
      value('meanJobMs'),
    ];
    return { capacity, running, meanJobMs, stuckMs, starting: value('starting') === 1 };
  }
}
