/** What a worker makes of what Redis has as the context of a job. */
import { beforeEach, expect, it } from 'vitest';
import { Content } from '../../src/protocol/content.ts';
import { type Fetched, FetchedContexts } from '../../src/queue/fetched-contexts.ts';
import { contextKey } from '../../src/redis/keys.ts';

const content = new Content(Buffer.from('{"é":1}'));
const stored = { id: 'i', bytes: content.bytes.length, sha256: content.sha256 };
const key = contextKey('q', 'a', 'i');
let kept: Map<string, Buffer>;
let reads: string[];
let contexts: FetchedContexts;

const redis = {
  getrangeBuffer: async (name: string, from: number, to: number) => {
    reads.push(`${name} ${from}-${to}`);
    const value = kept.get(name) ?? Buffer.alloc(0);
    if (value.includes('broken')) throw new Error('WRONGTYPE');
    return value.subarray(from, to + 1);
  },
};
const fetch = (tenant = 'a', ref = stored) =>
  contexts.use(tenant, ref, async (fetched): Promise<Fetched> => fetched);

beforeEach(() => {
  reads = [];
  kept = new Map([[key, Buffer.from(content.bytes)]]);
  contexts = new FetchedContexts(redis as never, 'q');
});

it('is read byte for byte, once for all jobs that run with it, and again for a later one', async () => {
  const [one, two] = await Promise.all([fetch(), fetch()]);
  expect(one).toEqual({ context: Buffer.from(content.bytes) });
  expect(two).toBe(one);
  expect(reads).toEqual([`${key} 0-${stored.bytes}`]);
  await fetch();
  expect(reads).toHaveLength(2);
});

it('that is gone, or belongs to another tenant, is QUEUE_UNAVAILABLE, which is tried once more', async () => {
  const lost = { failure: { code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('lost') } };
  expect(await fetch('b')).toEqual(lost);
  kept.clear();
  expect(await fetch()).toEqual(lost);
});

it('that cannot be read is QUEUE_UNAVAILABLE', async () => {
  kept.set(key, Buffer.from('broken'));
  expect(await fetch()).toMatchObject({
    failure: { code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('WRONGTYPE') },
  });
});

it.each([
  ['shorter', '{"é"', 'length'],
  ['longer', '{"é":1} ', 'length'],
  ['of other bytes', '{"é":2}', 'SHA-256'],
])('that is %s is INVALID_JOB, and no job runs with it', async (_, text, why) => {
  kept.set(key, Buffer.from(text));
  expect(await fetch()).toMatchObject({
    failure: { code: 'INVALID_JOB', message: expect.stringContaining(why) },
  });
});

it('that is no UTF-8 is INVALID_JOB, though its hash is right', async () => {
  const broken = new Content(Buffer.from([0x7b, 0xff, 0x7d]));
  kept.set(key, Buffer.from(broken.bytes));
  const ref = { ...stored, bytes: 3, sha256: broken.sha256 };
  expect(await fetch('a', ref)).toMatchObject({
    failure: { code: 'INVALID_JOB', message: expect.stringContaining('UTF-8') },
  });
});

it('whose job throws is read again for the next one', async () => {
  const failing = contexts.use('a', stored, async () => {
    throw new Error('no sandbox');
  });
  await expect(failing).rejects.toThrow('no sandbox');
  await fetch();
  expect(reads).toHaveLength(2);
});
