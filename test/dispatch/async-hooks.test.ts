/** Hooks that nobody waits for. */

import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { dialects, findDialect } from '../../src/agents/registry.ts';
import { BackgroundHooks } from '../../src/dispatch/background.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { scriptOf } from '../../src/protocol/action.ts';
import type { HookResult } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, type HookChanges, sampleHook } from '../protocol/samples.ts';

/** A runner whose async hooks end when they are let go; the others block. */
function rig(dialect: string, hooks: readonly HookChanges[]) {
  const started: string[] = [];
  const aborted: string[] = [];
  const ended: HookResult[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run: Runner = async (job, signal) => {
    started.push(job.hook.name);
    signal.addEventListener('abort', () => aborted.push(job.hook.name));
    if (job.hook.async === true) await released;
    return decide(job.dialect, job.hook, exited(2, '', job.hook.name));
  };
  const request = {
    dialect: findDialect(dialect),
    hooks: hooks.map((hook, at) => sampleHook({ name: `h${at}`, ...hook })),
    context: bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash"}'),
    onAsyncEnd: (result: HookResult) => void ended.push(result),
  };
  return { run, request, started, aborted, ended, release };
}

afterEach(() => vi.useRealTimers());

it.each(['claude-code', 'openhands'])(
  'an async hook of %s is started and not waited for, and decides nothing',
  async (dialect) => {
    const { run, request, started, ended, release } = rig(dialect, [
      { async: true },
      { failMode: 'allow' },
      { async: true },
    ]);
    const background = new BackgroundHooks();
    const decision = await evaluate(request, run, { background });
    expect(decision).toMatchObject({ decision: 'block', decidedBy: 'h1', reason: 'h1' });
    expect(decision.results.map(({ hook }) => hook)).toEqual(['h1']);
    // OpenHands ends its chain at the first block.
    const reached = dialect === 'openhands' ? ['h0'] : ['h0', 'h2'];
    expect(decision.background).toEqual(reached);
    expect(decision.skipped).toEqual(dialect === 'openhands' ? ['h2'] : []);
    expect(started.toSorted()).toEqual([...reached, 'h1'].toSorted());
    expect(ended).toEqual([]);
    release();
    await background.close(1_000);
    expect(ended.map(({ hook, decision: kind }) => [hook, kind])).toEqual(
      reached.map((hook) => [hook, 'block']),
    );
  },
);

it('an async hook more never changes a decision, under any dialect', async () => {
  const code = fc.constantFrom(0, 1, 2, 49);
  const run: Runner = async ({ dialect, hook }) =>
    decide(dialect, hook, exited(Number(scriptOf(hook)?.source), '', hook.name));
  const chain = fc.array(fc.record({ code, isAsync: fc.boolean() }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...dialects), chain, async (dialect, all) => {
      const event = String(Object.keys(dialect.events)[0]);
      const hooks = all.map(({ code: source, isAsync }, at) =>
        sampleHook({
          event,
          name: `h${at}`,
          async: isAsync,
          script: { runtime: 'bash', source: `${source}${' '.repeat(at)}` },
        }),
      );
      const request = { dialect, event, context: bytes('{"tool_name":"Bash"}') };
      const whole = await evaluate({ ...request, hooks }, run);
      const waited = await evaluate(
        { ...request, hooks: hooks.filter((hook) => hook.async !== true) },
        run,
      );
      expect([whole.decision, whole.reason, whole.continue]).toEqual([
        waited.decision,
        waited.reason,
        waited.continue,
      ]);
    }),
    { seed: 20_261_121, numRuns: 200 },
  );
});

it('with only async hooks the answer is none', async () => {
  const { run, request, release } = rig('claude-code', [{ async: true }]);
  release();
  const background = new BackgroundHooks();
  expect(await evaluate(request, run, { background })).toMatchObject({
    decision: 'none',
    results: [],
    background: ['h0'],
  });
  await background.close(1_000);
});

it('without a place to run on, the evaluation waits for them, and answers as it would have', async () => {
  const { run, request, ended, release } = rig('claude-code', [{ async: true }]);
  const evaluation = evaluate(request, run);
  release();
  expect(await evaluation).toMatchObject({ decision: 'none', background: ['h0'] });
  expect(ended).toHaveLength(1);
});

it('without a place to run on, the deadline ends them', async () => {
  const { run, request, ended, aborted } = rig('claude-code', [{ async: true }]);
  expect(await evaluate({ ...request, deadlineMs: 20 }, run)).toMatchObject({ decision: 'none' });
  expect(aborted).toEqual(['h0']);
  expect(ended).toMatchObject([{ cause: { code: 'SHUTTING_DOWN' } }]);
});

it('who closes waits for what runs, cancels it after the grace, and starts nothing more', async () => {
  const { run, request, ended, aborted } = rig('claude-code', [{ async: true }]);
  const background = new BackgroundHooks();
  await evaluate(request, run, { background });
  await background.close(10);
  expect(aborted).toEqual(['h0']);
  expect(ended).toMatchObject([
    { hook: 'h0', cause: { kind: 'fail-mode', code: 'SHUTTING_DOWN' } },
  ]);
  await evaluate(request, run, { background });
  expect(ended).toMatchObject([{}, { facts: null, cause: { code: 'SHUTTING_DOWN' } }]);
});

it('more than so many at once are not started, and that is told', async () => {
  const { run, request, started, ended, release } = rig('claude-code', [
    { async: true },
    { async: true, script: { runtime: 'bash', source: '2' } },
  ]);
  const background = new BackgroundHooks(1);
  await evaluate(request, run, { background });
  expect(started).toEqual(['h0']);
  expect(ended).toMatchObject([{ hook: 'h1', cause: { code: 'OVERLOADED' } }]);
  release();
  await background.close(1_000);
});

it('each is told before it begins and when it ended, also one that finds no place, and none of a decision of another call', async () => {
  const { run, request, started, ended, release } = rig('claude-code', [
    { async: true },
    { async: true, script: { runtime: 'bash', source: '2' } },
  ]);
  const background = new BackgroundHooks(1);
  const told: (readonly string[])[] = [];
  const onAsyncStart = () => void told.push([...started]);
  const decision = await evaluate({ ...request, onAsyncStart }, run, { background });
  // Nothing had begun when the first was told, and the first one when the second was.
  expect(told).toEqual([[], ['h0']]);
  release();
  await background.close(1_000);
  expect(ended).toHaveLength(2);
  const record = { find: async () => decision, claim: async () => decision };
  const named = { ...request, onAsyncStart, evaluationId: 'e' };
  expect((await evaluate(named, run, { background, record })).background).toEqual(['h0', 'h1']);
  expect([told.length, ended.length]).toEqual([2, 2]);
});

it('of one tenant so many are started as it may have, and those of another one besides', async () => {
  const background = new BackgroundHooks(4, (_tenant, total) => total / 2);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const start = (tenant: string) => background.start(tenant, () => held)?.message;
  expect([start('a'), start('a'), start('a')]).toEqual([
    undefined,
    undefined,
    '2 async hooks of this tenant are running; no more are started.',
  ]);
  expect([start('b'), start('b'), start('c')]).toEqual([
    undefined,
    undefined,
    '4 async hooks are running; no more are started.',
  ]);
  release();
  await vi.waitFor(() => expect(start('a')).toBeUndefined());
  await background.close(1_000);
});

it('an async hook has its own timeout for a deadline, not that of the event', async () => {
  vi.useFakeTimers();
  const { run, request, ended } = rig('claude-code', [{ async: true, timeoutMs: 5_000 }]);
  const background = new BackgroundHooks();
  await evaluate({ ...request, deadlineMs: 1 }, run, { background });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ended).toMatchObject([{ cause: { code: 'DEADLINE' } }]);
});

it('one who listens and fails disturbs nobody', async () => {
  const { run, request, release } = rig('claude-code', [{ async: true }]);
  release();
  const background = new BackgroundHooks();
  const onAsyncEnd = () => {
    throw new Error('full disk');
  };
  await evaluate({ ...request, onAsyncEnd }, run, { background });
  await background.close(1_000);
});
