/** A sandbox without a container, for tests of the pool: it runs nothing and returns at once. */
import { emptyRun } from '../../src/protocol/run.ts';
import type { PooledSandbox } from '../../src/sandbox/lease.ts';

export class FakeSandbox implements PooledSandbox {
  static count = 0;
  readonly id = String(++FakeSandbox.count);
  readonly createdAt = performance.now();
  readonly pings: number[] = [];
  jobs = 0;
  state: PooledSandbox['state'] = 'idle';
  clean = true;
  resetting: Promise<void> = Promise.resolve();
  #gone: (cause: Error) => void = () => undefined;

  async run() {
    this.jobs++;
    return { ...emptyRun('exited'), exitCode: 0 };
  }

  async ready() {
    await this.resetting;
    return this.clean;
  }

  ping() {
    this.pings.push(performance.now());
  }

  onGone(listener: (cause: Error) => void) {
    this.#gone = listener;
  }

  die() {
    this.state = 'gone';
    this.#gone(new Error('died'));
  }

  async destroy() {
    this.state = 'gone';
  }
}
