/** Shadow hooks run beside an event, and nothing of its answer depends on them. */
import { describe, expect, it } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { BackgroundHooks } from '../../src/dispatch/background.ts';
import type { Counters } from '../../src/dispatch/counters.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateServices } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import type { DecisionKind, HookResult } from '../../src/protocol/decision.ts';
import type { CommandJob, RunCall } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, type HookChanges, sampleHook } from '../protocol/samples.ts';
import { TestCounters } from './memory-counters.ts';
import { request } from './requests.ts';

const blocking = exited(2, '', 'no');

/** Hooks whose name begins with `b` block, those with `e` fail; the others say nothing. */
function rig(hooks: Record<string, HookChanges>, dialect = 'azure') {
  const started: string[] = [];
  const jobs: CommandJob[] = [];
  const calls: (RunCall | undefined)[] = [];
  const ended: [string, DecisionKind, DecisionKind][] = [];
  const run: Runner = async (job, _signal, call) => {
    started.push(job.hook.name);
    jobs.push(job);
    calls.push(call);
    const { name } = job.hook;
    const end = name.startsWith('b') ? blocking : exited(name.startsWith('e') ? 1 : 0);
    return decide(job.dialect, job.hook, end);
  };
  const all = Object.entries(hooks).map(([name, hook]) => sampleHook({ name, ...hook }));
  const ask = async (services: EvaluateServices = {}, over: object = {}) => {
    const background = new BackgroundHooks();
    const asked = request(all, {
      dialect: findDialect(dialect),
      onShadowEnd: (result, hook, decision) => {
        expect(result).toMatchObject({ hook: hook.name, heard: false });
        ended.push([hook.name, result.decision, decision.decision]);
      },
      ...over,
    });
    const decision = await evaluate(asked, run, { background, ...services });
    const before = [...started];
    await background.close(1_000);
    return { decision, before };
  };
  return { ask, run, all, started, jobs, calls, ended };
}

describe.each(['azure', 'claude-code', 'openhands'])('under %s, a shadow hook', (name) => {
  it('decides nothing, and is told with what it would have decided', async () => {
    const { ask, started, ended } = rig({ block: { shadow: true }, ok: {} }, name);
    const { decision, before } = await ask();
    expect(decision).toMatchObject({ skipped: [], diagnostics: [] });
    expect(['none', 'allow']).toContain(decision.decision);
    expect(decision.results.map(({ hook }) => hook)).toEqual(['ok']);
    expect(decision.background).toBeUndefined();
    // It starts when the others have ended.
    expect(before[0]).toBe('ok');
    expect(started).toEqual(['ok', 'block']);
    expect(ended).toEqual([['block', 'block', decision.decision]]);
  });

  it('runs also where a block ends the chain, and is not listed as skipped', async () => {
    const { ask, ended } = rig({ block: {}, rest: {}, after: { shadow: true } }, name);
    const { decision } = await ask();
    expect(decision.decision).toBe('block');
    expect(decision.skipped).not.toContain('after');
    expect(ended.map(([hook, , made]) => [hook, made])).toEqual([['after', 'block']]);
  });
});

it('the answer is the same as without shadow hooks, but for the time', async () => {
  const heard = { ok: {}, block: { failMode: 'block' } } as const;
  const shadow = { s1: { shadow: true }, b2: { shadow: true, sequential: true } };
  const { durationMs: _, ...plain } = (await rig(heard).ask()).decision;
  const { durationMs: __, ...beside } = (await rig({ ...shadow, ...heard }).ask()).decision;
  expect(beside).toEqual(plain);
});

it('the answer does not wait for a shadow hook that hangs', async () => {
  const { all } = rig({ ok: {}, slow: { shadow: true, timeoutMs: 60_000 } });
  const background = new BackgroundHooks();
  const results: HookResult[] = [];
  const run: Runner = async (job) =>
    job.hook.shadow === true
      ? new Promise(() => undefined)
      : decide(job.dialect, job.hook, exited(0));
  const asked = request(all, { onShadowEnd: (result) => void results.push(result) });
  const decision = await evaluate(asked, run, { background });
  expect([decision.decision, results]).toEqual(['none', []]);
  await background.close(0);
  expect(results[0]?.cause).toMatchObject({ kind: 'fail-mode', code: 'SHUTTING_DOWN' });
});

it('a shadow hook that cannot be started is told with the cause', async () => {
  const { all, run } = rig({ ok: {}, other: { shadow: true } });
  const background = new BackgroundHooks(0);
  const codes: unknown[] = [];
  const asked = request(all, { onShadowEnd: ({ cause }) => void codes.push(cause) });
  await evaluate(asked, run, { background });
  expect(codes).toEqual([expect.objectContaining({ code: 'OVERLOADED' })]);
});

it('without a background the result of a shadow hook is the last of the decision', async () => {
  const { all, run } = rig({ block: { shadow: true }, ok: {} });
  const { decision, results } = await evaluate(request(all), run);
  expect(decision).toBe('none');
  expect(results.map(({ hook, decision: kind, heard }) => [hook, kind, heard])).toEqual([
    ['ok', 'none', undefined],
    ['block', 'block', false],
  ]);
});

it('a shadow hook is never urgent, and its timeout is not in the deadline of the event', async () => {
  const { ask, calls } = rig({ ok: {}, slow: { shadow: true, timeoutMs: 300_000 } });
  await ask({}, { priority: 'urgent', urgentTiers: ['agent'] });
  expect(calls.map((call) => call?.priority)).toEqual(['urgent', 'normal']);
  expect(calls[0]?.budgetMs).toBeLessThan(40_000);
  expect(calls[1]?.budgetMs).toBeGreaterThan(290_000);
});

it('the counters of the session do not count a shadow hook', async () => {
  const counters = new TestCounters();
  const { ask, started } = rig({
    once: { shadow: true, once: true, event: 'Stop' },
    block: { shadow: true, maxRejections: 1, event: 'Stop' },
    ok: { event: 'Stop', maxRejections: 2 },
  });
  const context = bytes('{"hook_event_name":"Stop","session_id":"s"}');
  for (const _ of [1, 2, 3]) {
    const { decision } = await ask({ counters }, { context });
    expect(decision.diagnostics).toEqual([]);
  }
  expect(started.filter((name) => name === 'once')).toHaveLength(3);
  expect(await counters.get({ tenant: 'default', session: 's', name: 'rejections\nStop' })).toBe(0);
});

it('a shadow hook alone at an event asks the counters nothing, and once of a namesake does not end it', async () => {
  const counters = new TestCounters();
  const asked: string[] = [];
  const watched = {
    get: (key) => counters.get(key),
    add: (key) => counters.add(key),
    clear: (key) => {
      asked.push(key.name);
      return counters.clear(key);
    },
  } satisfies Counters;
  const context = bytes('{"hook_event_name":"Stop","session_id":"s"}');
  await rig({ ok: { shadow: true, event: 'Stop' } }).ask({ counters: watched }, { context });
  expect(asked).toEqual([]);
  const started: string[] = [];
  const run: Runner = async (job) => {
    started.push(job.hook.shadow === true ? 'shadow' : 'heard');
    return decide(job.dialect, job.hook, exited(0));
  };
  const hooks = [true, false].map((shadow) =>
    sampleHook({ name: 'one', event: 'Stop', once: true, shadow }),
  );
  for (const _ of [1, 2]) await evaluate(request(hooks, { context }), run, { counters });
  expect(started).toEqual(['heard', 'shadow', 'shadow']);
});

it('the state of a shadow hook is not that of the hook that it may become', async () => {
  const names: string[] = [];
  const states = {
    get: async ({ name }: { name: string }) => void names.push(name) as undefined,
    put: async () => undefined,
  };
  const context = bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash","session_id":"s"}');
  for (const shadow of [true, false]) {
    const { ask } = rig({ one: { shadow, state: 'session' } });
    await ask({ states }, { context });
  }
  expect(new Set(names).size).toBe(2);
});

it('a shadow hook does not ask for the transcript', async () => {
  const script = { runtime: 'bash', source: 'cat "$HOOKPOOL_X" execution_summary' } as const;
  const { ask } = rig({ reads: { shadow: true, script } });
  await expect(ask({}, { offersTranscript: true })).resolves.toBeDefined();
  const { ask: heard } = rig({ reads: { script } });
  await expect(heard({}, { offersTranscript: true })).rejects.toMatchObject({
    code: 'TRANSCRIPT_NEEDED',
  });
});

it('the matcher of a shadow hook takes no steps from those of the others', async () => {
  const undecided = (shadow: boolean) => {
    const matches: HookChanges['matches'] = (_text, matching) => {
      matching?.spend(1e9);
      return true;
    };
    return rig({ greedy: { shadow, matches } });
  };
  const { decision } = await undecided(true).ask();
  expect(decision.diagnostics).toEqual([]);
});
