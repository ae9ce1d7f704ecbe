/** What the queue makes of a context, whatever the number of hooks. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { findDialect } from '../../src/agents/registry.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import type { Entry } from '../../src/queue/queue-client.ts';
import { QueueRunner } from '../../src/queue/queue-runner.ts';
import { type JobMessage, parseJobMessage } from '../../src/wire/job-message.ts';
import { toResultMessage } from '../../src/wire/result-message.ts';
import { inlineContextBytes, parseStoredJobMessage } from '../../src/wire/stored-job.ts';
import { bytes, exited, sampleHook } from '../protocol/samples.ts';
import { never, sampleJob } from '../support/queue-job.ts';
import { countDecoding } from '../support/readings.ts';

const { sent, stores, readings, line } = vi.hoisted(() => ({
  /** The contexts that were put into Redis. */
  stores: [] as string[],
  sent: [] as Entry[],
  readings: { length: 0, decoded: 0, hashed: 0 },
  line: { send: async (_: Entry): Promise<unknown> => undefined },
}));
vi.mock('node:crypto', async (original) => {
  const { countingCrypto } = await import('../support/readings.ts');
  return countingCrypto(await original(), readings);
});
vi.mock('../../src/queue/queue-client.ts', () => ({
  QueueClient: class {
    send(entry: Entry): Promise<unknown> {
      sent.push(entry);
      return line.send(entry);
    }
    readonly closed = false;
    readonly redis = {
      set: async (_: string, value: Buffer) => void stores.push(value.toString()),
      unlink: async () => undefined,
    };
    async reconnected(): Promise<void> {}
  },
}));

const runner = new QueueRunner({ redis: { url: 'redis://h' } });
const context = bytes(
  `{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"${'é'.repeat(1_000)}"}}`,
);
const hooks = Array.from({ length: 10 }, (_, at) => sampleHook({ name: `h${at}` }));
const messages = () => sent.map(({ message }) => message as JobMessage);

/** A worker whose scripts print this. */
function printing(output: (hook: string) => string) {
  return async ({ message }: Entry) => {
    const { job } = parseJobMessage(message);
    return {
      returned: toResultMessage(
        job,
        decide(job.dialect, job.hook, exited(0, output(job.hook.name))),
      ),
    };
  };
}

beforeEach(() => {
  sent.length = 0;
  stores.length = 0;
  line.send = printing(() => '');
  Object.assign(readings, { length: context.length, decoded: 0, hashed: 0 });
  countDecoding(readings);
});
afterEach(() => vi.restoreAllMocks());

it.each([azure, findDialect('claude-code')])(
  'ten hooks of $name hash their context once, and decode it once to find the hooks and once for the messages',
  async (dialect) => {
    const decision = await evaluate({ dialect, hooks, context }, runner.run);
    expect(decision.results).toHaveLength(10);
    expect(messages().map((message) => message.context)).toEqual(
      Array(10).fill(Buffer.from(context).toString()),
    );
    expect(new Set(sent.map(({ id }) => id)).size).toBe(10);
    expect(readings).toMatchObject({ hashed: 1, decoded: 2 });
  },
);

it('ten hooks with a large context put it into Redis once, and no message has it', async () => {
  const command = 'é'.repeat(inlineContextBytes);
  const text = JSON.stringify({ tool_name: 'Bash', tool_input: { command } });
  line.send = async ({ message }) => {
    const { job } = parseStoredJobMessage(message);
    return { returned: toResultMessage(job, decide(job.dialect, job.hook, exited(2, '', 'no'))) };
  };
  Object.assign(readings, { length: Buffer.byteLength(text) });
  const asked = { dialect: findDialect('claude-code'), hooks, context: bytes(text) };
  const { decision } = await evaluate({ ...asked, event: 'PreToolUse' }, runner.run);
  expect(decision).toBe('block');
  expect(stores).toEqual([text]);
  expect(sent).toHaveLength(10);
  expect(JSON.stringify(sent).length).toBeLessThan(text.length);
  expect(readings).toMatchObject({ hashed: 1, decoded: 1 });
});

it('a second attempt makes neither anew, also of a job that somebody made without the content', async () => {
  line.send = async () => ({ failure: { code: 'WORKER_LOST', message: '' } });
  await runner.run(sampleJob({ context }), never);
  expect(messages().map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(readings).toMatchObject({ hashed: 1, decoded: 1 });
});

it('the hooks behind a rewrite have a message with the rewritten context, and an id of its hash', async () => {
  const dialect = findDialect('docker-agent-strict');
  const piped = ['a', 'b', 'c'].map((name) => sampleHook({ name, event: 'pre_tool_use' }));
  const rewrite = JSON.stringify({ hook_specific_output: { updated_input: { command: 'ls' } } });
  line.send = printing((hook) => (hook === 'a' ? rewrite : ''));
  const asked = {
    dialect,
    hooks: piped,
    event: 'pre_tool_use',
    context: bytes('{"tool_name":"Bash","tool_input":{"command":"rm"}}'),
  };
  await evaluate({ ...asked, evaluationId: 'e' }, runner.run);
  const rewritten = '{"tool_name":"Bash","tool_input":{"command":"ls"}}';
  expect(messages().map((message) => message.context)).toEqual([
    Buffer.from(asked.context).toString(),
    rewritten,
    rewritten,
  ]);
  const first = sent.map(({ id }) => id);
  await evaluate({ ...asked, context: bytes(rewritten), evaluationId: 'e' }, runner.run);
  const second = sent.slice(3).map(({ id }) => id);
  expect(second[0]).not.toBe(first[0]);
  expect(second.slice(1)).toEqual(first.slice(1));
});
