import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects, findDialect } from '../../src/agents/registry.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { explain, explainEvent, SelectionTrace } from '../../src/dispatch/explain.ts';
import { selectHooks } from '../../src/dispatch/select.ts';
import { parseContext } from '../../src/protocol/context.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import type { Dialect } from '../../src/protocol/dialect.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { compileCondition } from '../../src/protocol/matching/condition.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';
import { EvaluationTrace } from '../../src/server/evaluation-trace.ts';
import { bytes, modelHook, sampleHook } from '../protocol/samples.ts';
import { printing } from './requests.ts';

const azure = findDialect('azure');
const claude = findDialect('claude-code');
const bash = bytes(
  '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"rm -rf /"}}',
);

const anyHook = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  event: fc.constantFrom('PreToolUse', 'PreToolUse', 'PostToolUse', 'Stop', 'SessionStart'),
  tier: fc.constantFrom('system', 'agent', 'global'),
  matcher: fc.constantFrom(undefined, '', '*', 'Bash', 'Write', 'Ba', '(a+)+$'),
  condition: fc.constantFrom(undefined, undefined, 'Bash(rm *)', 'Bash(git *)', 'Write'),
  sources: fc.constantFrom(undefined, ['chat'], ['timer']),
  activation: fc.constantFrom('always', 'always', 'on-demand'),
  script: fc.constantFrom('exit 0', 'exit 2'),
  flags: fc.subarray(['async', 'shadow', 'once', 'sequential'] as const),
  unsupported: fc.boolean(),
});

function hookOf(dialect: Dialect, drawn: typeof anyHook extends fc.Arbitrary<infer T> ? T : never) {
  const { condition, script, flags, unsupported, ...rest } = drawn;
  const hook: Hook = sampleHook({
    ...rest,
    script: { runtime: 'bash', source: script },
    matches: compileMatcher(dialect, rest.matcher),
    conditionText: condition,
    condition: condition === undefined ? undefined : compileCondition(condition),
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
  });
  return unsupported ? { ...hook, action: modelHook().action } : hook;
}

it('an explanation says of exactly the hooks that are selected that they would run', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...dialects.filter(({ events }) => 'PreToolUse' in events)),
      fc.array(anyHook, { maxLength: 12 }),
      fc.constantFrom('rm -rf /', 'git push', 'if then'),
      fc.subarray(['a', 'b']),
      (dialect, drawn, command, switchedOn) => {
        const hooks = drawn.map((one) => hookOf(dialect, one));
        const context = parseContext(dialect, {
          event: 'PreToolUse',
          bytes: bytes(
            JSON.stringify({
              ...{ tool_name: 'Bash', tool_input: { command }, thread_source: 'chat' },
              ...{ toolName: 'Bash', toolArgs: { command } },
            }),
          ),
        });
        const active = new Set(switchedOn);
        const selection = selectHooks(dialect, hooks, context, active);
        const runs = selection.hooks.filter((hook) => !selection.unmet.has(hook));
        const explanation = explainEvent({ dialect, hooks, context, active });
        expect(explanation.runs.map((at) => hooks[at])).toEqual(runs);
        for (const one of explanation.hooks) {
          expect(one.selected).toBe(runs.includes(hooks[one.index] as Hook));
          expect(one.state === 'would-run').toBe(one.selected);
          if (one.duplicateOf !== undefined) expect(runs).toContain(hooks[one.duplicateOf] as Hook);
        }
      },
    ),
  );
});

async function told(
  dialect: Dialect,
  hooks: readonly Hook[],
  outputs: Record<string, unknown> = {},
  context = bash,
) {
  const trace = new EvaluationTrace(new SelectionTrace());
  const { onContext, onStart, onDecided, selection } = trace;
  const listeners = { onContext, onStart, onDecided, selection };
  const { run } = printing(outputs);
  const decision = await evaluate({ dialect, hooks, context, ...listeners }, run);
  const explained = trace.explained({ dialect, hooks });
  if (explained === undefined) throw new Error('nothing was traced');
  return { explanation: explain(explained, trace.outcomesOf(decision)), decision, explained };
}

const states = (explanation: ReturnType<typeof explain>) =>
  explanation.hooks.map(({ state }) => state);
const block = { decision: 'block', reason: 'no' };

describe('after an evaluation', () => {
  it('hooks behind a block have not run, and the last one that ran is named', async () => {
    const hooks = ['a', 'b', 'c'].map((name) => sampleHook({ name }));
    const { explanation } = await told(azure, hooks, { b: block });
    expect(states(explanation)).toEqual(['ran', 'ran', 'chain-ended']);
    expect(explanation.hooks[2]?.text).toBe('b ended the chain.');
    expect(explanation.headline).toBe('block: b says so in its output.');
    expect(explanation.combination).toMatchObject({ decidedBy: 'b', how: 'hook', reason: 'no' });
  });

  it('async hooks were started, and shadow hooks are heard by nobody', async () => {
    const hooks = [sampleHook({ name: 'a', async: true }), sampleHook({ name: 's', shadow: true })];
    const { explanation } = await told(azure, hooks);
    expect(states(explanation)).toEqual(['started', 'shadow']);
    expect(explanation.headline).toBe('none: no hook objects.');
  });

  it('hooks of one name are told apart', async () => {
    const hooks = [
      sampleHook({ name: 'x', matches: () => false, matcher: 'Write' }),
      sampleHook({ name: 'x' }),
    ];
    const { explanation } = await told(azure, hooks, { x: block });
    expect(states(explanation)).toEqual(['matcher', 'ran']);
    expect(explanation.hooks[1]).toMatchObject({ decision: 'block', reason: 'no' });
    expect(explanation.hooks[1]?.startedMs).toBeGreaterThanOrEqual(0);
  });

  it('a duplicate names the hook that ran in its place', async () => {
    const { explanation } = await told(claude, [
      sampleHook({ name: 'a' }),
      sampleHook({ name: 'a' }),
    ]);
    expect(explanation.hooks[1]).toMatchObject({ state: 'duplicate', duplicateOf: 0 });
    expect(explanation.hooks[1]?.text).toBe('It is the same as a, which runs in its place.');
  });

  it('a hook that failed is apart from one that said block, and from one that did not run', async () => {
    const { explanation } = await told(azure, [
      { ...modelHook({ name: 'model', failMode: 'block' }) },
    ]);
    expect(explanation.headline).toBe(
      'block: model did not run (HOOK_TYPE_UNSUPPORTED), and counts as block by its failMode.',
    );
    expect(explanation.hooks[0]).toMatchObject({
      state: 'ran',
      how: 'not-run',
      unsupported: 'It needs a model.',
    });
  });

  it('without a hook for the event it says so', async () => {
    const { explanation } = await told(azure, [sampleHook({ event: 'Stop' })]);
    expect(explanation.headline).toBe('none: no hook is for this event.');
  });

  it('the results of another server are found by their names', async () => {
    const hooks = ['a', 'b'].map((name) => sampleHook({ name }));
    const { decision, explained } = await told(azure, hooks, { a: block });
    const copy = JSON.parse(JSON.stringify(decision)) as Decision;
    expect(states(explain(explained, { decision: copy }))).toEqual(['ran', 'chain-ended']);
  });

  it('`once` hooks that have passed are told from those behind the end of the chain', async () => {
    const hooks = [
      sampleHook({ name: 'spent', once: true }),
      sampleHook({ name: 'b' }),
      sampleHook({ name: 'c', once: true }),
      sampleHook({ name: 'd' }),
    ];
    const { decision, explained } = await told(azure, hooks.slice(1), { b: block });
    const all = { ...explained, hooks };
    const skipping = (...skipped: string[]) =>
      states(explain(all, { decision: { ...decision, skipped } }));
    expect(skipping('spent', 'c', 'd')).toEqual(['once', 'ran', 'chain-ended', 'chain-ended']);
    expect(skipping('spent', 'd')).toEqual(['once', 'ran', 'once', 'chain-ended']);
  });
});

it('an evaluation that nobody asks to explain writes nothing down', async () => {
  const trace = new EvaluationTrace();
  const { run } = printing({});
  const { onContext, onStart, onDecided, selection } = trace;
  const request = { dialect: azure, hooks: [sampleHook()], context: bash };
  await evaluate({ ...request, onContext, onStart, onDecided, selection }, run);
  expect(selection).toBeUndefined();
  expect(trace.explained({ dialect: azure, hooks: [] })).toBeUndefined();
});
