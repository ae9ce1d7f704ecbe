/** The state of a hook on its way through a real queue: two servers, two workers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import type { QueueRunner } from '../../src/queue/queue-runner.ts';
import { RedisStates } from '../../src/redis-stores/states.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { QueueRig } from '../support/queue-rig.ts';
import { entriesOf, packOf } from '../support/state-packs.ts';

let rig: QueueRig;
let servers: readonly QueueRunner[];
const ranOn: string[] = [];

/** Every byte, in contents as in names but for those that no name has. */
const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
const named = bytes.replaceAll(/[\0/]/g, '');

/** Appends a byte to a file of the state, as a sandbox would. */
const append = (worker: string) => async (job: CommandJob) => {
  ranOn.push(worker);
  const result = await playScript(job);
  if (job.state === undefined) return result;
  const before = entriesOf(job.state)[named] ?? bytes;
  const content = Buffer.from(`${before}+`, 'latin1');
  return { ...result, state: { pack: packOf([{ path: named, content }]), leftOut: 0 } };
};

beforeAll(async () => {
  rig = await QueueRig.start();
  servers = [await rig.runner(), await rig.runner()];
  for (const worker of ['one', 'two']) rig.worker({ concurrency: 1, execute: append(worker) });
});

afterAll(() => rig.close());

const ask = (
  server: QueueRunner,
  session: string,
  hook = bashHook('sleep 20', { state: 'session' }),
) => {
  const context = { hook_event_name: 'PreToolUse', tool_name: 'Bash', session_id: session };
  return evaluate(
    {
      dialect: azure,
      hooks: [hook],
      context: Buffer.from(JSON.stringify(context)),
      deadlineMs: 10_000,
    },
    server.run,
    { states: new RedisStates({ redis: server.redis, queue: 'hooks', warn: () => undefined }) },
  );
};

test('is the same byte for byte on every worker, whichever server asks', async () => {
  const [one, two] = servers;
  if (one === undefined || two === undefined) throw new Error('no servers');
  const states = new RedisStates({ redis: one.redis, queue: 'hooks', warn: () => undefined });
  // Hooks of other sessions keep one of the workers busy, so that both get a turn.
  for (let turn = 1; turn <= 6; turn++) {
    const other = ask(one, `other ${turn}`);
    const decision = await ask(turn % 2 === 0 ? one : two, 's');
    await other;
    expect(decision.results[0]).toMatchObject({ decision: 'none', diagnostics: [] });
    expect(decision.results[0]).not.toHaveProperty('state');
    const name = JSON.stringify(['', 'PreToolUse', 'agent', 'guard']);
    const kept = await states.get({ tenant: 'default', session: 's', name });
    expect(entriesOf(kept ?? new Uint8Array(0))).toEqual({ [named]: bytes + '+'.repeat(turn) });
  }
  expect(new Set(ranOn).size).toBe(2);
});

test('a hook without a state has none in its message', async () => {
  const [one] = servers;
  const decision = one && (await ask(one, 's', bashHook('reason: no')));
  expect(decision).toMatchObject({ decision: 'block', reason: 'no' });
});
