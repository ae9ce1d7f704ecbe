/** Large contexts with a real Redis: stored once, never lost in silence, and gone afterwards. */
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { keyPrefix } from '../../src/redis/keys.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { QueueRig } from '../support/queue-rig.ts';
import type { TestRedis } from '../support/redis.ts';

let rig: QueueRig<TestRedis>;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

const text = JSON.stringify({
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: `é${'x'.repeat(1 << 20)}` },
});
const stored = () =>
  rig.redis.use((client) => client.keys(`${keyPrefix}:hooks:context:*`)) as Promise<string[]>;
const hooks = ['exit 0', 'exit 0 #', 'exit 0 ##', 'reason: no'].map((source, at) =>
  bashHook(source, { name: `h${at}` }),
);

/**
 * Four hooks at once on the context, of which the last one blocks, and what their jobs read.
 * @param meanwhile called with the key of the context while all jobs wait for a worker.
 */
async function evaluated(meanwhile: (client: Redis, key: string) => Promise<unknown>) {
  const read: string[] = [];
  const execute = async (job: CommandJob) => {
    read.push(Buffer.from(job.context).toString());
    return playScript(job);
  };
  const runner = await rig.runner();
  const dialect = findDialect('claude-code');
  const request = { dialect, hooks, context: Buffer.from(text), deadlineMs: 10_000 };
  const decision = evaluate(request, runner.run);
  await rig.redis.use(async (client) => {
    await vi.waitFor(async () =>
      expect(await client.zcard(`${keyPrefix}:hooks:prioritized`)).toBe(hooks.length),
    );
    const keys = await stored();
    expect(keys).toHaveLength(1);
    await meanwhile(client, String(keys[0]));
  });
  rig.worker({ execute });
  return { decision: await decision, read };
}

test('all hooks of an event read one stored context byte for byte, and it is gone afterwards', async () => {
  const { decision, read } = await evaluated(async (client, key) => {
    expect(await client.strlen(key)).toBe(Buffer.byteLength(text));
    const leftMs = await client.pttl(key);
    expect(leftMs).toBeGreaterThan(10_000);
    expect(leftMs).toBeLessThan(80_000);
  });
  expect(decision).toMatchObject({ decision: 'block', reason: 'no' });
  expect(read).toEqual(hooks.map(() => text));
  await expect.poll(stored).toEqual([]);
});

test('a context that Redis loses is stored again, for a second attempt of its jobs', async () => {
  const { decision, read } = await evaluated((client, key) => client.del(key));
  expect(decision).toMatchObject({ decision: 'block', reason: 'no' });
  expect(decision.results.map(({ cause }) => cause.kind)).not.toContain('fail-mode');
  expect(read).toEqual(hooks.map(() => text));
  await expect.poll(stored).toEqual([]);
});

test('no script runs with another context than its own: the failMode decides', async () => {
  const { decision, read } = await evaluated((client, key) =>
    client.set(key, text.replace('Bash', 'bash')),
  );
  expect(decision.decision).toBe('block');
  for (const { cause } of decision.results)
    expect(cause).toMatchObject({ kind: 'fail-mode', code: 'INVALID_JOB' });
  expect(read).toEqual([]);
});
