/**
 * The time of the Redis server, so that hosts whose clocks differ agree on the age of a job.
 * Between two readings it follows this process's monotonic clock.
 */
export class RedisClock {
  #offsetMs = Date.now() - performance.now();
  #isSet = false;

  get isSet(): boolean {
    return this.#isSet;
  }

  /**
   * @param time the answer to TIME: seconds and microseconds.
   * @param ageMs milliseconds since that answer.
   */
  set([seconds, microseconds]: readonly [string | number, string | number], ageMs = 0): void {
    this.#offsetMs =
      Number(seconds) * 1000 + Number(microseconds) / 1000 + ageMs - performance.now();
    this.#isSet = true;
  }

  /** Milliseconds since 1970; by the host's own clock until set() is called. */
  now(): number {
    return this.#offsetMs + performance.now();
  }
}
