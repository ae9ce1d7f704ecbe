/** Workers and quarantined scripts, for people. */
import type { RedisClient } from '../redis/connection.ts';
import { quarantineKey, recordKey } from '../redis/keys.ts';
import { readRoster, type WorkerState } from './heartbeat.ts';

const listedMost = 200;

interface CrewWorker extends Pick<WorkerState, 'capacity' | 'running' | 'meanJobMs'> {
  readonly name: string;
  readonly stuckMs?: number | undefined;
  /** False: its entry is that of another version. */
  readonly readable: boolean;
}

interface Quarantined {
  readonly hash: string;
  /** ISO 8601: when it is forgotten. */
  readonly until: string;
  readonly kind: string;
  readonly proofs: number;
}

export interface Crew {
  readonly workers: readonly CrewWorker[];
  /** At most 200, those that stay longest first. */
  readonly quarantine: readonly Quarantined[];
}

/** KEYS: the list. ARGV: the prefix of the records, the most scripts. */
const quarantineScript = `
if redis.call('TYPE', KEYS[1]).ok ~= 'zset' then return {} end
local time = redis.call('TIME')
local all = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. time[1] * 1000, 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local found = {}
for at = 1, #all, 2 do
  local record = redis.pcall('HMGET', ARGV[1] .. all[at], 'kind', 'proofs')
  if record.err then record = {} end
  for _, value in ipairs({all[at], all[at + 1], record[1] or '', record[2] or '0'}) do found[#found + 1] = value end
end
return found`;

export async function readCrew(redis: RedisClient, queue: string): Promise<Crew> {
  const list = quarantineKey(queue);
  const [roster, flat] = await Promise.all([
    readRoster(redis, queue),
    redis.eval(quarantineScript, 1, list, recordKey(queue, ''), listedMost) as Promise<string[]>,
  ]);
  const workers = [...roster.workers].map(([name, state]) => {
    const { capacity, running, meanJobMs, stuckMs } = state;
    return { name, capacity, running, meanJobMs, stuckMs, readable: true };
  });
  const unreadable = [...roster.unreadable].map((name) => {
    return { name, capacity: 0, running: 0, meanJobMs: 0, readable: false };
  });
  const quarantine: Quarantined[] = [];
  for (let at = 0; at + 3 < flat.length; at += 4) {
    const [hash = '', until, kind = '', proofs] = flat.slice(at, at + 4).map(String);
    const end = new Date(Number(until)).toISOString();
    quarantine.push({ hash, until: end, kind, proofs: Number(proofs) || 0 });
  }
  return { workers: [...workers, ...unreadable], quarantine };
}

/** Ends the quarantine of a script, and forgets what it was for. @returns false where there is none */
export async function release(redis: RedisClient, queue: string, script: string): Promise<boolean> {
  const [, removed] = (await redis
    .multi()
    .del(recordKey(queue, script))
    .zrem(quarantineKey(queue), script)
    .exec()) ?? [undefined, [null, 0]];
  return Number(removed?.[1]) === 1;
}
