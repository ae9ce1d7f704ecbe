/**
 * Pauses a worker whose engine fails. Failing jobs end faster than those of healthy workers, so the
 * worker would take most of the queue. The pause is 0.5 s at first and doubles with each further
 * failure, up to 4 s; other workers take the jobs meanwhile.
 */
import type { FailureCode } from '../protocol/failure-codes.ts';

const minMs = 500;
const maxMs = 4_000;
const engineFailures: ReadonlySet<string | undefined> = new Set<FailureCode>([
  'ENGINE_DOWN',
  'ENGINE_TIMEOUT',
  'IMAGE_MISSING',
  'IMAGE_MISMATCH',
  'CREATE_FAILED',
  'ATTACH_FAILED',
  'START_FAILED',
]);

export interface Resting {
  pause(): void;
  resume(): void;
}

export class EnginePause {
  readonly #worker: Resting;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;

  constructor(worker: Resting) {
    this.#worker = worker;
  }

  get resting(): boolean {
    return this.#timer !== undefined;
  }

  /** @param code the failure code of the job; undefined when it gave an answer. */
  afterJob(code: string | undefined): void {
    if (!engineFailures.has(code)) {
      this.#lastMs = 0;
    } else if (!this.resting) {
      this.#lastMs = Math.min(maxMs, Math.max(minMs, this.#lastMs * 2));
      this.#worker.pause();
      this.#timer = setTimeout(() => this.#rise(), this.#lastMs);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #rise(): void {
    this.#timer = undefined;
    this.#worker.resume();
  }
}
