/** Reads from BullMQ's data which worker holds a job. */
import { vi } from 'vitest';
import { bullKey } from '../../src/redis/keys.ts';
import type { TestRedis } from './redis.ts';

/** The worker that holds the only active job. */
export function holder(redis: TestRedis): Promise<string> {
  return redis.use((client) =>
    vi.waitFor(
      async () => {
        const [id] = await client.lrange(bullKey('hooks', 'active'), 0, 0);
        const name = await client.hget(bullKey('hooks', String(id)), 'pb');
        if (name === null) throw new Error('nobody has it');
        return name;
      },
      { timeout: 5_000, interval: 10 },
    ),
  );
}
