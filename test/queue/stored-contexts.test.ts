/** When a large context is put into Redis, and when it leaves it. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Content } from '../../src/protocol/content.ts';
import { StoredContexts } from '../../src/queue/stored-contexts.ts';
import { contextKey } from '../../src/redis/keys.ts';
import { inlineContextBytes } from '../../src/wire/stored-job.ts';

const large = () => new Content(Buffer.alloc(inlineContextBytes + 1, 'x'));
let log: string[];
let kept: Map<string, { value: Buffer; ms: number }>;
let errors: Error[];
let refusal: Error | undefined;
let contexts: StoredContexts;

const redis = {
  set: async (key: string, value: Buffer, _: string, ms: number) => {
    log.push('set');
    if (refusal !== undefined) throw refusal;
    kept.set(key, { value, ms });
  },
  unlink: async (key: string) => {
    log.push('unlink');
    kept.delete(key);
    if (refusal !== undefined) throw refusal;
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  kept = new Map();
  errors = [];
  refusal = undefined;
  const onError = (error: Error) => void errors.push(error);
  contexts = new StoredContexts({ redis: () => redis as never, queue: 'q', onError });
});

afterEach(() => void vi.useRealTimers());

it('a context that fits into its messages is not stored', () => {
  expect(contexts.hold('a', new Content(Buffer.alloc(inlineContextBytes)))).toBeUndefined();
});

it('is stored once for all hooks of an event, under a key of its tenant, for longer than they may wait', () => {
  const content = large();
  const [one, two] = [contexts.hold('a', content), contexts.hold('a', content)];
  const stored = one?.put(1, 5_000);
  expect(two?.put(1, 4_990)).toEqual(stored);
  expect(log).toEqual(['set']);
  expect(stored).toMatchObject({ bytes: content.bytes.length, sha256: content.sha256 });
  const [[key, { value, ms }] = ['', { value: undefined, ms: 0 }]] = kept;
  expect(key).toBe(contextKey('q', 'a', String(stored?.id)));
  expect(value?.equals(content.bytes)).toBe(true);
  expect(ms).toBeGreaterThan(5_000);
  expect(ms).toBeLessThan(70_000);
});

it('stays between two hooks of a chain, and is removed when the last one has ended', async () => {
  const content = large();
  const first = contexts.hold('a', content);
  first?.put(1, 5_000);
  first?.release();
  await vi.advanceTimersByTimeAsync(10);
  const second = contexts.hold('a', content);
  await vi.advanceTimersByTimeAsync(1_000);
  second?.put(1, 4_000);
  expect(log).toEqual(['set']);
  second?.release();
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual(['set', 'unlink']);
  expect(kept.size).toBe(0);
});

it('is stored again where it may be lost: for a second attempt, and for a hook that waits longer', () => {
  const held = contexts.hold('a', large());
  held?.put(1, 5_000);
  held?.put(2, 3_000);
  held?.put(1, 3_600_000);
  expect(log).toEqual(['set', 'set', 'set']);
  expect(kept.size).toBe(1);
  expect([...kept.values()][0]?.ms).toBeGreaterThan(3_600_000);
});

it('is stored anew under another key when it comes back after its removal', async () => {
  const content = large();
  const ids = [];
  for (let turn = 0; turn < 2; turn++) {
    const held = contexts.hold('a', content);
    ids.push(held?.put(1, 1_000).id);
    held?.release();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(new Set(ids).size).toBe(2);
  expect(log).toEqual(['set', 'unlink', 'set', 'unlink']);
});

it('has another key for each tenant', () => {
  const content = large();
  for (const tenant of ['a', 'b']) contexts.hold(tenant, content)?.put(1, 1_000);
  expect(kept.size).toBe(2);
});

it('is not removed where it never was, and all are removed at the end of the process', async () => {
  contexts.hold('a', large())?.release();
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual([]);
  contexts.hold('a', large())?.put(1, 1_000);
  contexts.close();
  expect(log).toEqual(['set', 'unlink']);
});

it('that Redis does not take is told, and that it cannot be removed is not', async () => {
  refusal = new Error('OOM');
  const held = contexts.hold('a', large());
  held?.put(1, 1_000);
  held?.release();
  await vi.advanceTimersByTimeAsync(100);
  expect(errors).toEqual([refusal]);
});
