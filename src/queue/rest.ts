/**
 * A worker whose engine fails would answer jobs faster than any other, and so take most of them. It
 * takes none for a while, longer each time, and leaves them to the others.
 */
import type { FailureCode } from '../protocol/decision.ts';

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

export class Rest {
  readonly #worker: Resting;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;

  constructor(worker: Resting) {
    this.#worker = worker;
  }

  get resting(): boolean {
    return this.#timer !== undefined;
  }

  /** @param code why a job was not run, undefined when it was. */
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
