import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { sampleHook } from '../protocol/samples.ts';
import { at, named, printing, request, silent } from './requests.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
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
