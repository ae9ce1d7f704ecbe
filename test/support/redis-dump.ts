/** All that a Redis holds, for tests that look for planted texts. */
import type { Redis } from 'ioredis';

/** @returns `key` or `key field`, and the value as text. */
export async function dump(client: Redis): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const key of await client.keys('*')) {
    const kind = await client.type(key);
    if (kind === 'string') found.push([key, String(await client.get(key))]);
    if (kind === 'list') found.push([key, JSON.stringify(await client.lrange(key, 0, -1))]);
    if (kind === 'set') found.push([key, JSON.stringify(await client.smembers(key))]);
    if (kind === 'zset') found.push([key, JSON.stringify(await client.zrange(key, '0', '-1'))]);
    if (kind === 'stream') found.push([key, JSON.stringify(await client.xrange(key, '-', '+'))]);
    if (kind === 'hash')
      for (const [field, value] of Object.entries(await client.hgetall(key)))
        found.push([`${key} ${field}`, value]);
  }
  return found;
}
