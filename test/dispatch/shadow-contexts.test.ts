/** The contexts of shadow hooks in a pipe, in which each hook reads what the ones before it made. */
import { describe, expect, it } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { BackgroundHooks } from '../../src/dispatch/background.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateServices } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { conditionTest } from '../../src/dispatch/select.ts';
import { Content } from '../../src/protocol/content.ts';
import type { HookResult } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, type HookChanges, sampleHook } from '../protocol/samples.ts';
import { request } from './requests.ts';

it('a shadow hook gets the context of its place, and its sequential makes no pipe', async () => {
  const rewriting = { hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput: { a: 1 } } };
  const seen: string[] = [];
  const run: Runner = async (job) => {
    seen.push(`${job.hook.name} ${JSON.parse(Buffer.from(job.context).toString()).tool_input?.a}`);
    const text = job.hook.name === 'first' ? JSON.stringify(rewriting) : '';
    return decide(job.dialect, job.hook, exited(0, text));
  };
  const hooks = (sequential: string) =>
    ['before', 'first', 'shadow', 'last'].map((name) =>
      sampleHook({
        name,
        sequential: name === sequential,
        shadow: name === 'shadow' || name === 'before',
      }),
    );
  const context = bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"a":0}}');
  const dialect = findDialect('claude-code');
  await evaluate(request(hooks('first'), { dialect, context }), run);
  expect(seen).toEqual(['first 0', 'last 1', 'before 0', 'shadow 1']);
  seen.length = 0;
  await evaluate(request(hooks('shadow'), { dialect, context }), run);
  expect(seen).toEqual(['first 0', 'last 0', 'before 0', 'shadow 0']);
});

describe('behind the last heard hook of a pipe, a shadow hook', () => {
  const dialect = findDialect('claude-code');
  const context = bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"a":0}}');
  const rewriting = { hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput: { a: 1 } } };
  const inputOf = (of: { context: Uint8Array }) =>
    JSON.parse(Buffer.from(of.context).toString()).tool_input.a;
  const holdsFor =
    (a: number): HookChanges['condition'] =>
    ({ toolInput }) =>
      (toolInput as { a?: number } | undefined)?.a === a;

  /** `first` rewrites the input from 0 to 1; the others say nothing. */
  async function asked(
    hooks: Record<string, HookChanges>,
    pipeContext?: EvaluateServices['pipeContext'],
  ) {
    const seen: string[] = [];
    const told: string[] = [];
    const run: Runner = async (job) => {
      seen.push(`${job.hook.name} ${inputOf(job)}`);
      const text = job.hook.name === 'first' ? JSON.stringify(rewriting) : '';
      return decide(job.dialect, job.hook, exited(0, text));
    };
    const all = Object.entries(hooks).map(([name, hook]) => sampleHook({ name, ...hook }));
    const background = new BackgroundHooks();
    const over = {
      ...{ dialect, context },
      onShadowStart: () => void told.push('start'),
      onShadowUnmet: () => void told.push('unmet'),
      onShadowEnd: ({ hook, cause }: HookResult) =>
        void told.push(`${hook} ${cause.kind === 'fail-mode' ? cause.message : 'ran'}`),
    };
    const decision = await evaluate(request(all, over), run, { background, pipeContext });
    const before = [...seen];
    await background.close(1_000);
    return { seen, told, before, decision };
  }

  it('gets the rewrite of that hook, which the answer does not wait for', async () => {
    const times: number[] = [];
    const { seen, before, decision } = await asked(
      { first: { sequential: true }, one: { shadow: true }, two: { shadow: true } },
      async (_dialect, _before, _result, withinMs) => {
        times.push(withinMs);
        return bytes('{"tool_input":{"a":1}}');
      },
    );
    expect(before).toEqual(['first 0']);
    expect(seen).toEqual(['first 0', 'one 1', 'two 1']);
    expect(decision.updatedInput).toEqual({ a: 1 });
    // The context is made once for both, in their time and not in what is left of the event's.
    expect(times).toEqual([Number.POSITIVE_INFINITY]);
  });

  it('runs where its condition holds for the rewrite, and else is told as not run', async () => {
    const { seen, told } = await asked({
      first: { sequential: true },
      one: { shadow: true, condition: holdsFor(1) },
      two: { shadow: true, condition: holdsFor(2) },
    });
    expect(seen).toEqual(['first 0', 'one 1']);
    expect(told).toEqual(['start', 'start', 'unmet', 'one ran']);
  });

  it('fails with the cause where its context cannot be made, also before a heard hook', async () => {
    const broken = () => Promise.reject(new Error('no thread'));
    const hooks = { first: { sequential: true }, one: { shadow: true } };
    const { seen, told } = await asked(hooks, broken);
    expect([seen, told]).toEqual([['first 0'], ['start', 'one no thread']]);
    const between = await asked({ ...hooks, last: {} }, broken);
    expect([between.seen, between.told]).toEqual([['first 0'], ['start', 'one no thread']]);
  });
});

it('the condition of a shadow hook takes no steps from those that guards of a rewritten input need', () => {
  const holds = conditionTest(findDialect('claude-code'));
  const content = new Content(bytes('{"tool_name":"Bash","tool_input":{"a":1}}'));
  const greedy = sampleHook({ shadow: true, condition: (_, all) => all?.spend(1e9) === true });
  const guard = sampleHook({ condition: (_, all) => all?.spend(1) === true });
  expect([holds(greedy, content), holds(guard, content)]).toEqual([false, true]);
});
