/** A Redis that records what it is asked, and answers what the test says. */
import { EventEmitter } from 'node:events';
import type { RedisClient } from '../../src/redis/connection.ts';

/** One call of a script. */
export interface Evaluated {
  readonly script: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

export class FakeRedis extends EventEmitter {
  status = 'ready';
  readonly calls: Evaluated[] = [];
  /** What eval() answers; what it throws, the call fails with. */
  answer: (call: Evaluated) => unknown = () => null;

  get client(): RedisClient {
    return this as unknown as RedisClient;
  }

  async eval(script: string, count: number, ...rest: (string | number)[]): Promise<unknown> {
    const call = { script, keys: rest.slice(0, count).map(String), args: rest.slice(count) };
    this.calls.push(call);
    return this.answer(call);
  }

  disconnect(): void {
    this.status = 'end';
  }
}

/** For `onError`: no error may come. */
export function noError(error: Error): never {
  throw new Error(`There was an error: ${error.message}`, { cause: error });
}
