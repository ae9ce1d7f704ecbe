import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateRequest } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';
import { transcriptPath } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from '../protocol/samples.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A runner whose hooks print what is written down for them, and the jobs that it was given. */
function printing(outputs: Record<string, unknown>): { run: Runner; jobs: CommandJob[] } {
  const jobs: CommandJob[] = [];
  const run: Runner = async (job) => {
    jobs.push(job);
    const output = outputs[job.hook.name];
    return decide(
      job.dialect,
      job.hook,
      exited(0, output === undefined ? '' : JSON.stringify(output)),
    );
  };
  return { run, jobs };
}

/** A runner that never answers. */
const silent: Runner = () => new Promise(() => undefined);

function request(hooks: readonly Hook[], over: Partial<EvaluateRequest> = {}): EvaluateRequest {
  return {
    dialect: azure,
    hooks,
    context: bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash"}'),
    ...over,
  };
}

function named(...names: string[]): Hook[] {
  return names.map((name) => sampleHook({ name }));
}

const at = (event: string) => ({
  context: bytes(`{"hook_event_name":"${event}","tool_name":"Bash"}`),
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

it('at the deadline the hook that runs and all that remain count as their failMode', async () => {
  const hooks = [
    sampleHook({ name: 'done' }),
    sampleHook({ name: 'stuck', failMode: 'allow' }),
    sampleHook({ name: 'late', failMode: 'block' }),
    sampleHook({ name: 'never' }),
  ];
  const { run: quick } = printing({ done: { decision: 'allow' } });
  const run: Runner = (job, signal) =>
    job.hook.name === 'done' ? quick(job, signal) : silent(job, signal);
  const evaluation = evaluate(request(hooks, { deadlineMs: 100 }), run);
  await vi.advanceTimersByTimeAsync(100);
  const decision = await evaluation;
  const late = { kind: 'fail-mode', code: 'DEADLINE' };
  expect(decision).toMatchObject({
    decision: 'block',
    decidedBy: 'late',
    cause: late,
    skipped: ['never'],
    durationMs: 90,
  });
  expect(decision.results).toMatchObject([
    { hook: 'done', decision: 'allow', cause: { kind: 'output' } },
    { hook: 'stuck', decision: 'allow', cause: late, facts: null },
    { hook: 'late', decision: 'block', cause: late, facts: null },
  ]);
});

it.each([
  [100, 90],
  [500, 450],
  [30_000, 29_950],
])(
  'of a deadline of %i ms a hook has %i ms: a tenth, and 50 ms at most, are kept for the answer',
  async (deadlineMs, usable) => {
    const settled = vi.fn();
    const evaluation = evaluate(request(named('a'), { deadlineMs }), silent);
    void evaluation.then(settled);
    await vi.advanceTimersByTimeAsync(usable - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledOnce();
  },
);

it('the runner is told when the deadline has passed, and is not called again', async () => {
  const signals: AbortSignal[] = [];
  const run: Runner = (_, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  };
  const evaluation = evaluate(request(named('a', 'b', 'c'), { deadlineMs: 10 }), run);
  expect(signals[0]?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(10);
  expect((await evaluation).results).toHaveLength(3);
  expect(signals).toHaveLength(1);
  expect(signals[0]?.aborted).toBe(true);
});

it('after PostToolUse every remaining hook gets its failMode at the deadline', async () => {
  const hooks = ['a', 'b'].map((name) =>
    sampleHook({ name, event: 'PostToolUse', failMode: 'block' }),
  );
  const evaluation = evaluate(request(hooks, { ...at('PostToolUse'), deadlineMs: 10 }), silent);
  await vi.advanceTimersByTimeAsync(10);
  expect((await evaluation).results.map((result) => result.decision)).toEqual(['block', 'block']);
});

it('a runner that fails after the deadline changes nothing and disturbs nobody', async () => {
  const run: Runner = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const evaluation = evaluate(
    request([sampleHook({ failMode: 'block' })], { deadlineMs: 10 }),
    run,
  );
  await vi.advanceTimersByTimeAsync(10);
  expect(await evaluation).toMatchObject({ decision: 'block', cause: { kind: 'fail-mode' } });
});

it('without a deadline of its own an evaluation takes at most what its hooks may take, and 2 s', async () => {
  const hooks = [
    sampleHook({ name: 'a', timeoutMs: 1_000 }),
    sampleHook({ name: 'b', timeoutMs: 3_000 }),
  ];
  const evaluation = evaluate(
    request([...hooks, sampleHook({ event: 'Stop', timeoutMs: 300_000 })]),
    silent,
  );
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await evaluation).toMatchObject({ durationMs: 6_000, cause: { code: 'DEADLINE' } });
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
