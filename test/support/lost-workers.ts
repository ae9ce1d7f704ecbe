/** Records losses of workers as a dispatcher does, without a real worker. */

import { recordLoss } from '../../src/queue/losses.ts';
import { bullKey, jobIdOf, lossesKey, quarantineKey } from '../../src/redis/keys.ts';
import type { TestRedis } from './redis.ts';

const queue = 'hooks';

/** Records workers that are lost with jobs of these scripts, one loss after another. */
export async function loseWorkers(
  redis: TestRedis,
  ...losses: readonly (readonly string[])[]
): Promise<void> {
  await redis.use(async (client) => {
    for (const scripts of losses) {
      const worker = `lost-${crypto.randomUUID()}`;
      for (const script of scripts) {
        const id = jobIdOf(script, crypto.randomUUID());
        await client.hset(bullKey(queue, id), 'pb', worker);
        await client.lpush(bullKey(queue, 'active'), id);
      }
      await recordLoss(client, queue, worker);
      // Workers that are lost at the same time count once.
      const text = String(await client.lindex(lossesKey(queue), 0));
      const loss = JSON.parse(text);
      await client.lset(lossesKey(queue), 0, JSON.stringify({ ...loss, at: loss.at - 2_000 }));
      await client.del(bullKey(queue, 'active'));
    }
  });
}

/** The names of the scripts in quarantine. */
export function quarantined(redis: TestRedis): Promise<string[]> {
  return redis.use(async (client) =>
    (await client.zrange(quarantineKey(queue), '0', '-1')).toSorted(),
  );
}
