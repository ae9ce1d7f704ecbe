/** Creates sandboxes, a few at once; failures delay the creations that follow. */
import pLimit from 'p-limit';
import { asError } from '../errors.ts';
import { BackOff } from './back-off.ts';
import type { PooledSandbox } from './lease.ts';

/**
 * Engines degrade when many containers are created at once; on two cores a higher number gains
 * nothing.
 */
const creationsAtOnce = 4;

export interface CreationsOptions {
  readonly create: () => Promise<PooledSandbox>;
  readonly created: (sandbox: PooledSandbox, durationMs: number) => void;
  readonly failed: (error: Error) => void;
  /** Called when a creation has ended, and when the delay after a failure is over. */
  readonly changed: () => void;
}

export class Creations {
  readonly #options: CreationsOptions;
  readonly #limit = pLimit(creationsAtOnce);
  readonly #backOff = new BackOff();
  #running = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: CreationsOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  /** Whether the delay after a failure has not passed. */
  get delayed(): boolean {
    return this.#backOff.waiting;
  }

  /** The error that jobs get while several creations in sequence have failed. */
  get openCause(): Error | undefined {
    return this.#backOff.openCause;
  }

  async begin(): Promise<void> {
    this.#running++;
    const started = performance.now();
    try {
      const sandbox = await this.#limit(() => this.#options.create());
      this.#backOff.succeeded();
      this.#options.created(sandbox, performance.now() - started);
    } catch (error) {
      this.#failed(asError(error));
    } finally {
      this.#running--;
      this.#options.changed();
    }
  }

  /** No delay calls `changed` any more; running creations go on. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
  }

  #failed(error: Error): void {
    const delayMs = this.#backOff.failed(error);
    clearTimeout(this.#retryTimer);
    if (!this.#closed) {
      this.#retryTimer = setTimeout(() => this.#options.changed(), delayMs + 1).unref();
    }
    this.#options.failed(error);
  }
}
