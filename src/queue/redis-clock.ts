/**
 * The time of the Redis server, so that hosts whose clocks differ agree on the age of a job. Between
 * two readings it follows this process's monotonic clock.
 */
export class RedisClock {
  #offsetMs = Date.now() - performance.now();
  #isSet = false;

  get isSet(): boolean {
    return this.#isSet;
  }

  /** @param time the answer to TIME: seconds and microseconds. */
  set([seconds, microseconds]: readonly [string | number, string | number]): void {
    this.#offsetMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - performance.now();
    this.#isSet = true;
  }

  /** Milliseconds since 1970. The host's own clock until Redis was asked once. */
  now(): number {
    return this.#offsetMs + performance.now();
  }
}
