import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateRequest } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';
import { transcriptPath } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from '../protocol/samples.ts';
import { at, named, printing, request } from './requests.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('an event that no hook is for is decided without the runner', async () => {
  const { run, jobs } = printing({});
  const decision = await evaluate(request([sampleHook({ matches: () => false })]), run);
  expect(decision).toMatchObject({
    v: 1,
    event: 'PreToolUse',
    dialect: 'azure',
    decision: 'none',
    results: [],
    skipped: [],
  });
  expect(jobs).toEqual([]);
});

it('a hook of which it cannot be told whether it is for the event runs, and the decision says so', async () => {
  const odd = sampleHook({ name: 'odd', matches: compileMatcher(azure, '[a-z]+') });
  const context = bytes(
    JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'A'.repeat(600) }),
  );
  const decision = await evaluate(
    request([odd], { context }),
    printing({ odd: { decision: 'block', reason: 'r' } }).run,
  );
  expect(decision).toMatchObject({ decision: 'block', diagnostics: [{ code: 'match-undecided' }] });
});

it('hooks run one after another, tier by tier, and their results are combined', async () => {
  const hooks = [
    sampleHook({ name: 'g', tier: 'global' }),
    sampleHook({ name: 'a' }),
    sampleHook({ name: 's', tier: 'system' }),
  ];
  const context = (text: string) => ({
    decision: 'allow',
    hookSpecificOutput: { additionalContext: text },
  });
  const { run, jobs } = printing({ s: context('s'), a: context('a'), g: { ok: true } });
  const decision = await evaluate(request(hooks), run);
  expect(jobs.map((job) => job.hook.name)).toEqual(['s', 'a', 'g']);
  expect(decision).toMatchObject({ decision: 'allow', decidedBy: 's', additionalContext: 'a' });
});

it('the next hook starts only when the one before it is done', async () => {
  const events: string[] = [];
  const run: Runner = async (job) => {
    events.push(`start ${job.hook.name}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    events.push(`end ${job.hook.name}`);
    return decide(job.dialect, job.hook, exited(0));
  };
  const evaluation = evaluate(request(named('a', 'b')), run);
  await vi.advanceTimersByTimeAsync(20);
  expect(await evaluation).toMatchObject({ decision: 'none', durationMs: 20 });
  expect(events).toEqual(['start a', 'end a', 'start b', 'end b']);
});

it.each([
  ['PreToolUse', ['a', 'b'], ['c']],
  ['Stop', ['a', 'b'], ['c']],
  ['PostToolUse', ['a', 'b', 'c'], []],
  ['Start', ['a', 'b', 'c'], []],
])('after a block at %s %j have run and %j were skipped', async (event, ran, skipped) => {
  const hooks = ['a', 'b', 'c'].map((name) => sampleHook({ name, event }));
  const { run } = printing({
    a: { decision: 'allow' },
    b: { ok: false, reason: 'first' },
    c: { ok: false, reason: 'second' },
  });
  const decision = await evaluate(request(hooks, at(event)), run);
  expect(decision.results.map((result) => result.hook)).toEqual(ran);
  expect(decision.skipped).toEqual(skipped);
  if (event === 'Start') expect(decision.decision).toBe('allow');
  else expect(decision).toMatchObject({ decision: 'block', reason: 'first', decidedBy: 'b' });
});

it('an ask or an allow does not end the chain', async () => {
  const { run, jobs } = printing({
    a: { decision: 'allow' },
    b: { decision: 'ask' },
    c: { decision: 'block', reason: 'r' },
  });
  expect(await evaluate(request(named('a', 'b', 'c')), run)).toMatchObject({
    decision: 'block',
    decidedBy: 'c',
  });
  expect(jobs).toHaveLength(3);
});

it('only on-demand hooks that are switched on run', async () => {
  const hooks = ['a', 'b'].map((name) => sampleHook({ name, activation: 'on-demand' }));
  const { run, jobs } = printing({});
  await evaluate(request(hooks, { active: ['b'] }), run);
  expect(jobs.map((job) => job.hook.name)).toEqual(['b']);
});

it('Start hooks run only for threads from their sources', async () => {
  const hooks = ['chat', 'incident'].map((name) =>
    sampleHook({ name, event: 'Start', sources: [name] }),
  );
  const { run, jobs } = printing({});
  await evaluate(
    request(hooks, { context: bytes('{"thread_source":"Incident"}'), event: 'start' }),
    run,
  );
  expect(jobs.map((job) => job.hook.name)).toEqual(['incident']);
});

it('a job carries tenant, isolation and the very bytes of the context', async () => {
  const { run, jobs } = printing({});
  const plain = request(named('a'));
  await evaluate(plain, run);
  expect(jobs[0]).toMatchObject({
    dialect: azure,
    tenant: 'default',
    isolation: 'tenant',
    transcript: undefined,
  });
  expect(jobs[0]?.context).toBe(plain.context);
  const transcript = bytes('turn 1');
  await evaluate(request(named('a'), { tenant: 'team-a', isolation: 'job', transcript }), run);
  expect(jobs[1]).toMatchObject({ tenant: 'team-a', isolation: 'job', transcript });
  expect(Buffer.from(jobs[1]?.context ?? []).toString()).toContain(transcriptPath);
});

it.each([new Error('bug'), 'a text', undefined])(
  'a runner that rejects with %s leaves the hook to its failMode',
  async (reason) => {
    const run: Runner = () => Promise.reject(reason);
    for (const failMode of ['allow', 'block'] as const) {
      const decision = await evaluate(request([sampleHook({ failMode })]), run);
      expect(decision).toMatchObject({
        decision: failMode,
        cause: { kind: 'fail-mode', code: 'INTERNAL' },
      });
    }
  },
);

it('a runner that throws at once leaves the hook to its failMode, and the next one runs', async () => {
  const run: Runner = (job) => {
    if (job.hook.name === 'a') throw new Error('bug');
    return Promise.resolve(decide(job.dialect, job.hook, exited(0)));
  };
  const decision = await evaluate(request(named('a', 'b')), run);
  expect(decision.results).toMatchObject([
    {
      hook: 'a',
      decision: 'allow',
      cause: { code: 'INTERNAL', message: 'hookpool failed: bug' },
      facts: null,
    },
    { hook: 'b', decision: 'none' },
  ]);
});

it.each([undefined, null, {}, 'block', 5])(
  'a runner that resolves with %j gave no result: the failMode speaks',
  async (answer) => {
    const run = (() => Promise.resolve(answer)) as unknown as Runner;
    for (const failMode of ['allow', 'block'] as const) {
      const decision = await evaluate(request([sampleHook({ failMode })]), run);
      expect(decision).toMatchObject({
        decision: failMode,
        cause: { kind: 'fail-mode', code: 'INTERNAL' },
      });
    }
  },
);

it.each([
  ['a tenant with a slash', { tenant: 'a/b' }, 'INVALID_USAGE'],
  ['an empty tenant', { tenant: '' }, 'INVALID_USAGE'],
  ['a tenant that begins with a dot', { tenant: '.a' }, 'INVALID_USAGE'],
  ['a tenant with a line end', { tenant: 'a\n' }, 'INVALID_USAGE'],
  ['a tenant of 129 letters', { tenant: 'a'.repeat(129) }, 'INVALID_USAGE'],
  ['no time at all', { deadlineMs: 0 }, 'INVALID_USAGE'],
  ['negative time', { deadlineMs: -1 }, 'INVALID_USAGE'],
  ['more than an hour', { deadlineMs: 3_600_001 }, 'INVALID_USAGE'],
  ['endless time', { deadlineMs: Number.POSITIVE_INFINITY }, 'INVALID_USAGE'],
  ['a time that is no number', { deadlineMs: Number.NaN }, 'INVALID_USAGE'],
  ['a context that is no JSON', { context: bytes('x') }, 'INVALID_CONTEXT'],
  [
    'a tool event without a tool',
    { context: bytes('{"hook_event_name":"PreToolUse"}') },
    'INVALID_CONTEXT',
  ],
  ['a context without an event', { context: bytes('{}') }, 'INVALID_EVENT'],
  ['the context of another event', { event: 'Stop' }, 'INVALID_EVENT'],
  ['a context that is too large', { context: new Uint8Array((8 << 20) + 1) }, 'TOO_LARGE'],
] as [string, Partial<EvaluateRequest>, string][])(
  '%s is refused before anything runs',
  async (_, over, code) => {
    const { run, jobs } = printing({});
    await expect(evaluate(request(named('a'), over), run)).rejects.toMatchObject({
      name: 'InvalidInputError',
      code,
    });
    expect(jobs).toEqual([]);
  },
);

it.each(['a', '7', 'Team_A.b-c', 'a'.repeat(128)])('%s is a tenant', async (tenant) => {
  const { run, jobs } = printing({});
  await evaluate(request(named('a'), { tenant, deadlineMs: 3_600_000 }), run);
  expect(jobs[0]?.tenant).toBe(tenant);
});

it('a job has the folder of its context, else that of the request', async () => {
  const cwdOf = async (context: object, cwd?: string) => {
    const { run, jobs } = printing({});
    const text = JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash', ...context });
    await evaluate({ ...request([sampleHook()]), context: bytes(text), cwd }, run);
    return jobs.map((job) => job.cwd);
  };
  expect(await cwdOf({ cwd: '/a' }, '/b')).toEqual(['/a']);
  expect(await cwdOf({}, '/b')).toEqual(['/b']);
  expect(await cwdOf({})).toEqual([undefined]);
});
