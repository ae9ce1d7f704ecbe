/** Hooks that keep a state from one event of a session to the next. */
import { expect, test } from 'vitest';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateRequest } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import type { StateKey, StateStore } from '../../src/dispatch/states.ts';
import type { LeftState } from '../../src/protocol/state.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, type HookChanges, sampleHook } from '../protocol/samples.ts';
import { request } from './requests.ts';

class TestStates implements StateStore {
  readonly kept = new Map<string, string>();

  async get(key: StateKey): Promise<Uint8Array | undefined> {
    const text = this.kept.get(JSON.stringify(key));
    return text === undefined ? undefined : bytes(text);
  }

  async put(key: StateKey, pack: Uint8Array): Promise<void> {
    this.kept.set(JSON.stringify(key), Buffer.from(pack).toString());
  }
}

const inSession = (session: string) =>
  bytes(JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash', session_id: session }));
const counting = (text: string): LeftState => ({ pack: bytes(`${text}+`), leftOut: 0 });

interface Asked extends Partial<EvaluateRequest> {
  readonly states?: StateStore | undefined;
  readonly hook?: HookChanges;
  /** What the run leaves, by what it finds. */
  readonly leaves?: (before: string) => LeftState | undefined;
}

/** @returns what each run found, and the decision. */
async function ask({ states, hook, leaves = counting, ...more }: Asked) {
  const found: (string | undefined)[] = [];
  const run: Runner = async (job) => {
    found.push(job.state && Buffer.from(job.state).toString());
    const state = job.state && leaves(Buffer.from(job.state).toString());
    const result = decide(job.dialect, job.hook, exited(0));
    return state === undefined ? result : { ...result, state };
  };
  const hooks = [sampleHook({ state: 'session', failMode: 'allow', ...hook })];
  const asked = request(hooks, { context: inSession('s'), ...more });
  const decision = await evaluate(asked, run, { states });
  expect(JSON.stringify(decision)).not.toContain('"state"');
  const [result] = decision.results;
  return { found, decision, notes: result?.diagnostics.map(({ code }) => code), result };
}

test('what a run leaves is there in the next one of the same session, and nowhere else', async () => {
  const states = new TestStates();
  const found = async (more: Asked = {}) => (await ask({ states, ...more })).found;
  expect(await found()).toEqual(['']);
  expect(await found()).toEqual(['+']);
  expect(await found()).toEqual(['++']);
  expect(await found({ context: inSession('other') })).toEqual(['']);
  expect(await found({ tenant: 'other' })).toEqual(['']);
  expect(await found({ hook: { name: 'other' } })).toEqual(['']);
  expect(await found({ setOf: () => 'other' })).toEqual(['']);
  expect(await found({ session: 'thread' })).toEqual(['']);
  expect(await found({ session: 'thread', context: inSession('other') })).toEqual(['+']);
  expect(await found({ hook: { script: { runtime: 'bash', source: 'changed' } } })).toEqual([
    '+++',
  ]);
});

test('a hook without it is given none, and no store is asked', async () => {
  const asked = await ask({ hook: { state: undefined }, states: {} as StateStore });
  expect(asked).toMatchObject({ found: [undefined], notes: [] });
});

test('without a session or a store the state is empty, and the result says so', async () => {
  const states = new TestStates();
  const context = bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash"}');
  expect(await ask({ states, context })).toMatchObject({ found: [''], notes: ['state-none'] });
  expect(await ask({ states: undefined })).toMatchObject({ found: [''], notes: ['state-none'] });
  expect(states.kept.size).toBe(0);
});

test('what is not kept leaves the state as it was', async () => {
  const states = new TestStates();
  await ask({ states });
  const refused = await ask({
    states,
    leaves: () => ({ pack: undefined, refusal: 'too-many', leftOut: 0 }),
  });
  expect(refused.result?.diagnostics).toEqual([
    {
      code: 'state-refused',
      message:
        'What it left in /tmp is not kept: 256 files and folders are the most. The state is as before.',
    },
  ]);
  const unknown = await ask({ states, leaves: () => ({ pack: undefined, leftOut: 0 }) });
  expect(unknown.notes).toEqual(['state-refused']);
  expect((await ask({ states, leaves: () => undefined })).found).toEqual(['+']);
  expect((await ask({ states })).found).toEqual(['+']);
  const part = await ask({ states, leaves: () => ({ pack: bytes('part'), leftOut: 3 }) });
  expect(part.notes).toEqual(['state-left-out']);
  expect((await ask({ states })).found).toEqual(['part']);
});

test('an empty state is not stored in place of none, but in place of another', async () => {
  const states = new TestStates();
  const leaves = () => ({ pack: bytes(''), leftOut: 0 });
  await ask({ states, leaves });
  expect(states.kept.size).toBe(0);
  await ask({ states });
  await ask({ states, leaves });
  expect([...states.kept.values()]).toEqual(['']);
});

test.each([
  ['fails', () => Promise.reject(new Error('Redis is away'))],
  ['hangs', () => new Promise<never>(() => undefined)],
])(
  'a store that %s costs no answer: failMode block blocks, ask asks, allow runs with an empty state',
  async (_, get) => {
    const puts: StateKey[] = [];
    const put = async (key: StateKey) => void puts.push(key);
    const states = { get, put };
    const allow = await ask({ states, deadlineMs: 2_000 });
    expect(allow).toMatchObject({ found: [''], notes: ['state-unavailable'] });
    const block = await ask({ states, hook: { failMode: 'block' }, deadlineMs: 2_000 });
    expect(block.found).toEqual([]);
    expect(block.result).toMatchObject({
      decision: 'block',
      cause: { kind: 'fail-mode', code: 'QUEUE_UNAVAILABLE' },
    });
    const asking = await ask({ states, hook: { failMode: 'ask' }, deadlineMs: 2_000 });
    expect([asking.found, asking.result?.decision]).toEqual([[], 'ask']);
    expect(puts).toEqual([]);
  },
);

test('a store that does not take the state costs nothing but a diagnostic', async () => {
  for (const put of [
    () => Promise.reject(new Error('full')),
    () => new Promise<void>(() => undefined),
  ]) {
    const states = { get: async () => undefined, put };
    const asked = await ask({ states, hook: { failMode: 'block' }, deadlineMs: 1_000 });
    expect(asked).toMatchObject({ decision: { decision: 'none' }, notes: ['state-unavailable'] });
  }
});

test('a result behind the deadline keeps nothing', async () => {
  const states = new TestStates();
  let late = (): void => undefined;
  const hooks = [sampleHook({ state: 'session', failMode: 'block' })];
  let ended: Promise<unknown> | undefined;
  const run: Runner = (job) => {
    const result = new Promise<void>((resolve) => {
      late = resolve;
    }).then(() => ({ ...decide(job.dialect, job.hook, exited(0)), state: counting('late') }));
    ended = result;
    return result;
  };
  const asked = request(hooks, { context: inSession('s'), deadlineMs: 50 });
  expect(await evaluate(asked, run, { states })).toMatchObject({ decision: 'block' });
  late();
  await ended;
  await new Promise((resolve) => setImmediate(resolve));
  expect(states.kept.size).toBe(0);
});
