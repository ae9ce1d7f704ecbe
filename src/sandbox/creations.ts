/** Creates sandboxes, a few at once; failures delay later creations of the same kind. */
import { asError } from '../errors.ts';
import { kindKey, type SandboxKind } from '../protocol/sandbox-kind.ts';
import { BackOff } from './back-off.ts';
import type { PooledSandbox } from './lease.ts';

/**
 * Engines degrade when many containers are created at once; on two cores a higher number gains
 * nothing.
 */
const creationsAtOnce = 4;
/** Of one kind: creations that hang leave a place to other kinds. */
const ofOneKindAtOnce = creationsAtOnce - 1;

export interface CreationsOptions {
  readonly create: (kind: SandboxKind) => Promise<PooledSandbox>;
  readonly created: (sandbox: PooledSandbox, kind: SandboxKind, durationMs: number) => void;
  readonly failed: (error: Error, kind: SandboxKind) => void;
  /** Called when a creation has ended, and when the delay after a failure is over. */
  readonly changed: () => void;
}

interface OfKind {
  readonly backOff: BackOff;
  running: number;
  retryTimer?: NodeJS.Timeout;
}

export class Creations {
  readonly #options: CreationsOptions;
  /** Kinds with a running creation or a failure; see forgetOld(). */
  readonly #kinds = new Map<string, OfKind>();
  #running = 0;
  #closed = false;

  constructor(options: CreationsOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  runningOf(kind: SandboxKind): number {
    return this.#kinds.get(kindKey(kind))?.running ?? 0;
  }

  /** Whether one more of the kind may begin now; `changed` tells when that may be different. */
  mayBegin(kind: SandboxKind): boolean {
    return (
      this.#running < creationsAtOnce &&
      this.runningOf(kind) < ofOneKindAtOnce &&
      !this.isDelayed(kind)
    );
  }

  /** Whether the delay after a failure has not passed. */
  isDelayed(kind: SandboxKind): boolean {
    return this.#kinds.get(kindKey(kind))?.backOff.waiting ?? false;
  }

  /** The error that jobs get while several creations in sequence have failed. */
  openCause(kind: SandboxKind): Error | undefined {
    return this.#kinds.get(kindKey(kind))?.backOff.openCause;
  }

  async begin(kind: SandboxKind): Promise<void> {
    const ofKind = this.#ofKind(kind);
    ofKind.running++;
    this.#running++;
    const started = performance.now();
    try {
      const sandbox = await this.#options.create(kind);
      ofKind.backOff.succeeded();
      this.#options.created(sandbox, kind, performance.now() - started);
    } catch (error) {
      this.#failed(asError(error), kind, ofKind);
    } finally {
      ofKind.running--;
      this.#running--;
      this.#options.changed();
    }
  }

  /** Forgets kinds that nobody creates and whose last failure is long ago. */
  forgetOld(): void {
    for (const [key, { running, backOff }] of this.#kinds)
      if (running === 0 && backOff.isOld) this.#kinds.delete(key);
  }

  /** No delay calls `changed` any more; running creations go on. */
  close(): void {
    this.#closed = true;
    for (const { retryTimer } of this.#kinds.values()) clearTimeout(retryTimer);
  }

  #ofKind(kind: SandboxKind): OfKind {
    const key = kindKey(kind);
    const ofKind = this.#kinds.get(key) ?? { backOff: new BackOff(), running: 0 };
    this.#kinds.set(key, ofKind);
    return ofKind;
  }

  #failed(error: Error, kind: SandboxKind, ofKind: OfKind): void {
    const delayMs = ofKind.backOff.failed(error);
    clearTimeout(ofKind.retryTimer);
    if (!this.#closed) {
      ofKind.retryTimer = setTimeout(() => this.#options.changed(), delayMs + 1).unref();
    }
    this.#options.failed(error, kind);
  }
}
