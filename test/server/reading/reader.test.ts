import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import { maxTranscriptBytes } from '../../../src/protocol/run.ts';
import { type Handed, pipeContext } from '../../../src/protocol/verdict/combine-rewrites.ts';
import { openReaderThreads, Reader } from '../../../src/server/reading/reader.ts';
import type { ThreadPool } from '../../../src/threads/thread-pool.ts';
import { appUnderTest } from '../app-under-test.ts';

const bodyLimitBytes = 20 << 20;
const json = { 'content-type': 'application/json' };
let threads: ThreadPool;
let here: FastifyInstance;
let there: FastifyInstance;

beforeAll(() => {
  threads = openReaderThreads();
  here = appUnderTest({ bodyLimitBytes }).app;
  there = appUnderTest({ bodyLimitBytes, readerThreads: threads }).app;
});

afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await threads.close();
});

const filler = 'x'.repeat(100_000);
const guard = { matcher: 'Bash', script: `exit 2 # ${filler.slice(0, 20_000)}`, failMode: 'block' };
const context = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'ls' } };
const large = { ...context, note: filler, big: 0 };
const text = (value: unknown) =>
  JSON.stringify(value).replace('"big":0', '"big":12345678901234567890');

function evaluate(app: FastifyInstance, payload: string) {
  return app.inject({ method: 'POST', url: '/v1/evaluate', headers: json, payload });
}

/** Without what differs from call to call. */
function shape(body: string): unknown {
  const hide = (key: string, value: unknown) =>
    ['evaluationId', 'durationMs', 'durations', 'ranIn'].includes(key) ? undefined : value;
  return JSON.parse(JSON.stringify(JSON.parse(body), hide));
}

const requests: Readonly<Record<string, string>> = {
  'a large context': text({ hooks: { PreToolUse: [guard] }, context: large }),
  'a large context as a text': text({ hooks: { PreToolUse: [guard] }, context: text(large) }),
  'a large context and a transcript': text({
    hooks: { PreToolUse: [guard] },
    context: large,
    transcript: filler,
  }),
  'a condition on the input': text({
    hooks: {
      PreToolUse: [
        { ...guard, if: 'Bash(ls *)' },
        { ...guard, if: 'Bash(rm *)' },
      ],
    },
    context: large,
  }),
  'a matcher of another tool': text({
    hooks: { PreToolUse: [{ ...guard, matcher: 'Wri.*' }] },
    context: large,
  }),
  'a document of its own': text({
    document: `hooks:\n  PreToolUse:\n    - script: "exit 2"\n      matcher: "*" # ${filler}\n`,
    context: large,
  }),
  'a script that no interpreter parses': text({
    hooks: { PreToolUse: [{ ...guard, script: `SYNTAX # ${filler.slice(0, 20_000)}` }] },
    context: large,
  }),
  'a bad hook': text({ hooks: { PreToolUse: [{ ...guard, tiemout: 1 }] }, context: large }),
  'a bad matcher': text({ hooks: { PreToolUse: [{ ...guard, matcher: '(' }] }, context: large }),
  'a bad field': text({ hooks: { PreToolUse: [guard] }, context: large, deadlineMs: -1 }),
  'no JSON': `{"context": ${filler}`,
  'a context and an event that deny each other': text({
    hooks: { PreToolUse: [guard] },
    context: large,
    event: 'Stop',
  }),
  'a transcript above its limit': text({
    hooks: { PreToolUse: [guard] },
    context: large,
    transcript: 'x'.repeat(maxTranscriptBytes + 1),
  }),
  'an unknown event': text({
    hooks: { PreToolUse: [guard] },
    context: { ...large, hook_event_name: 'Never' },
  }),
  'a context without a tool': text({
    hooks: { PreToolUse: [guard] },
    context: { hook_event_name: 'PreToolUse', note: filler },
  }),
  'half of a surrogate pair': text({
    hooks: { PreToolUse: [guard] },
    context: large,
    transcript: `\ud800${filler}`,
  }),
};

describe('large inputs, read on another thread', () => {
  it.each(Object.keys(requests))('%s: the same answer', async (name) => {
    const payload = String(requests[name]);
    const [one, other] = await Promise.all([evaluate(here, payload), evaluate(there, payload)]);
    expect(other.statusCode).toBe(one.statusCode);
    expect(shape(other.body)).toEqual(shape(one.body));
  });

  it('gives scripts the bytes of the context as they were sent', async () => {
    const { app, jobs } = appUnderTest({ bodyLimitBytes, readerThreads: threads });
    const sent = text(large);
    const hooks = JSON.stringify({ PreToolUse: [guard] });
    await evaluate(app, `{"hooks":${hooks},"context":${sent}}`);
    expect(Buffer.from(jobs[0]?.context ?? []).toString()).toBe(sent);
    await app.close();
  });

  it('keeps a hook set that was stored, with the same problems and warnings', async () => {
    const put = (app: FastifyInstance, timeout: unknown) =>
      app.inject({
        method: 'PUT',
        url: '/v1/hooksets/large',
        headers: json,
        payload: text({ hooks: { PreToolUse: [{ ...guard, timeout }] } }),
      });
    for (const timeout of [5, 1e9, 'soon']) {
      const [one, other] = await Promise.all([put(here, timeout), put(there, timeout)]);
      expect(other.statusCode).toBe(one.statusCode);
      expect(Object.keys(other.json())).toEqual(Object.keys(one.json()));
      expect(other.json().warnings).toEqual(one.json().warnings);
      expect(other.json().error).toEqual(one.json().error);
    }
  });

  it('reads the body of a run', async () => {
    const run = (app: FastifyInstance, stdin: unknown) =>
      app.inject({
        method: 'POST',
        url: '/v1/run',
        headers: json,
        payload: text({ script: 'cat', stdin }),
      });
    expect((await run(there, filler)).json()).toEqual((await run(here, filler)).json());
    expect((await run(there, [filler])).json()).toEqual((await run(here, [filler])).json());
  });

  describe('what a hook of a pipe hands on', () => {
    const dialect = findDialect('docker-agent-strict');
    const bytes = Buffer.from(text({ ...context, prompt: 'go', note: filler, big: 0 }));
    const handed = { event: 'pre_tool_use', updatedInput: { command: 'pwd' } };

    it.each<[string, string, Handed]>([
      ['an input', dialect.name, handed],
      ['nothing', dialect.name, { event: 'pre_tool_use' }],
      ['a text that is empty', 'gemini-cli', { event: 'BeforeAgent', additionalContext: '' }],
      [
        'what the event has',
        dialect.name,
        { event: 'before_llm_call', extra: { updatedMessages: [{ role: 'user' }] } },
      ],
    ])('%s: the same bytes as on this thread', async (what, name, result) => {
      const asked = [findDialect(name), bytes, result] as const;
      const here = Buffer.from(pipeContext(...asked)).toString();
      expect(
        Buffer.from(await new Reader(threads).pipe(...asked, { tenant: 'a' })).toString(),
      ).toBe(here);
      expect(here === bytes.toString()).toBe(what === 'nothing');
    });

    it('of up to 64 KiB is made on this thread, of more on another one', async () => {
      const kinds: string[] = [];
      const run = async (kind: string) => {
        kinds.push(kind);
        return { value: { changedBytes: undefined } };
      };
      const reader = new Reader({ run } as unknown as ThreadPool);
      const small = Buffer.from(text(context).padEnd(64 << 10));
      expect(
        Buffer.from(await reader.pipe(dialect, small, handed, { tenant: 'a' })).toString(),
      ).toContain('"command":"pwd"');
      const large = Buffer.from(text(context).padEnd((64 << 10) + 1));
      expect(await reader.pipe(dialect, large, handed, { tenant: 'a' })).toBe(large);
      expect(kinds).toEqual(['pipe']);
    });

    it('reaches the next script', async () => {
      const { app, jobs } = appUnderTest({ bodyLimitBytes, readerThreads: threads });
      const output = JSON.stringify({
        hook_specific_output: { updated_input: { command: 'pwd' } },
      });
      const hooks = { pre_tool_use: [`echo ${output}`, 'exit 0'].map((script) => ({ script })) };
      const payload = text({
        dialect: dialect.name,
        hooks,
        context: { ...large, hook_event_name: 'pre_tool_use' },
      });
      expect((await evaluate(app, payload)).statusCode).toBe(200);
      const seen = jobs.map((job) => JSON.parse(Buffer.from(job.context).toString()).tool_input);
      expect(seen).toEqual([{ command: 'ls' }, { command: 'pwd' }]);
      await app.close();
    });
  });

  it('leaves the thread that answers free while 8 MiB are read', { timeout: 60_000 }, async () => {
    const values = `[${'[],'.repeat(60_000)}[]]`;
    const payload = `{"hooks":{},"context":{"hook_event_name":"Stop","a":${values},"b":"${'y'.repeat(7 << 20)}"}}`;
    await evaluate(there, payload);
    const held: number[] = [];
    // Others use this machine too: the best of several rounds is what this process did.
    for (let round = 0; round < 5 && !held.some((ms) => ms < 250); round++) {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const answers = await Promise.all([1, 2, 3].map(() => evaluate(there, payload)));
      delay.disable();
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
      held.push(delay.max / 1e6);
    }
    expect(Math.min(...held)).toBeLessThan(250);
  });
});
