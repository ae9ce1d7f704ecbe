/**
 * What a worker's main thread shows the thread that sends its heartbeat: numbers in shared memory, written without a
 * message and read at any time, also while the main thread is busy.
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

  /** By the main thread: that it answers, and how its work stands. */
  write(state: Omit<WorkerState, 'stuckMs'>): void {
    const values = { ...state, starting: state.starting === true ? 1 : 0, answeredAt: monotonicMs() };
    for (const [at, field] of fields.entries()) this.#numbers[at] = values[field];
  }

  /** By the other thread. */
  read(): WorkerState {
    const value = (field: Field) => this.#numbers[fields.indexOf(field)] ?? 0;
    const stuckMs = Math.max(0, Math.round(monotonicMs() - value('answeredAt')));
    const [capacity, running, meanJobMs] = [value('capacity'), value('running'), value('meanJobMs')];
    return { capacity, running, meanJobMs, stuckMs, starting: value('starting') === 1 };
  }
}
