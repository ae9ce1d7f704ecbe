import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { findDialect } from '../../../src/agents/registry.ts';
import {
  type DecisionKind,
  decisionKinds,
  type HookResult,
  strictest,
} from '../../../src/protocol/decision.ts';
import { combine } from '../../../src/protocol/verdict/combine.ts';
import { codesOf } from '../samples.ts';

function result(hook: string, decision: DecisionKind, over: Partial<HookResult> = {}): HookResult {
  return {
    hook,
    tier: 'agent',
    event: 'PreToolUse',
    decision,
    cause: { kind: 'output' },
    diagnostics: [],
    facts: null,
    durations: { queueMs: 0, leaseMs: 0, runMs: 0, totalMs: 0 },
    ...over,
  };
}

function combined(...results: HookResult[]) {
  return combine(azure, { event: 'PreToolUse', results, skipped: [], durationMs: 7 });
}

it.each([
  [[], 'none'],
  [['none', 'none'], 'none'],
  [['none', 'allow'], 'allow'],
  [['allow', 'none'], 'allow'],
  [['allow', 'ask'], 'ask'],
  [['ask', 'allow', 'none'], 'ask'],
  [['allow', 'block'], 'block'],
  [['block', 'ask', 'allow', 'none'], 'block'],
] as [DecisionKind[], DecisionKind][])('of %j the strictest is %s', (kinds, expected) => {
  expect(strictest(kinds)).toBe(expected);
  expect(combined(...kinds.map((kind, at) => result(`h${at}`, kind))).decision).toBe(expected);
});

it('every kind outranks those after it', () => {
  for (const [at, kind] of decisionKinds.entries())
    expect(strictest(decisionKinds.slice(at).toReversed())).toBe(kind);
});

it('no hook at all is no objection, and nobody decided', () => {
  expect(combine(azure, { event: 'Stop', results: [], skipped: [], durationMs: 1 })).toEqual({
    v: 1,
    event: 'Stop',
    dialect: 'azure',
    decision: 'none',
    diagnostics: [],
    results: [],
    skipped: [],
    durationMs: 1,
  });
});

it('the first of several blocks gives the reason and the cause', () => {
  const cause = { kind: 'exit-code', exitCode: 2 } as const;
  const decision = combined(
    result('a', 'allow', { reason: 'fine' }),
    result('b', 'block', { reason: 'first', cause }),
    result('c', 'block', { reason: 'second' }),
  );
  expect(decision).toMatchObject({ decision: 'block', reason: 'first', decidedBy: 'b', cause });
});

it('a decider without a reason borrows none from the others', () => {
  const decision = combined(result('a', 'none', { reason: 'other' }), result('b', 'ask'));
  expect(decision).toMatchObject({ decision: 'ask', decidedBy: 'b' });
  expect(decision).not.toHaveProperty('reason');
});

it('results without an objection name no decider, even when they have reasons', () => {
  const decision = combined(result('a', 'none', { reason: 'nothing to see' }));
  expect(decision).not.toHaveProperty('decidedBy');
  expect(decision).not.toHaveProperty('cause');
  expect(decision).not.toHaveProperty('reason');
});

it('the last context wins, also beside a block', () => {
  const decision = combined(
    result('a', 'none', { additionalContext: 'one' }),
    result('b', 'block', { additionalContext: 'two', reason: 'r' }),
    result('c', 'allow'),
  );
  expect(decision.additionalContext).toBe('two');
  expect(decision.results.map((one) => one.additionalContext)).toEqual(['one', 'two', undefined]);
});

it('messages for the user are all kept, one per line', () => {
  const decision = combined(
    result('a', 'none', { systemMessage: 'one' }),
    result('b', 'none'),
    result('c', 'none', { systemMessage: 'two' }),
  );
  expect(decision.systemMessage).toBe('one\ntwo');
});

it('the last updated input wins', () => {
  const decision = combined(
    result('a', 'allow', { updatedInput: { n: 1 } }),
    result('b', 'allow', { updatedInput: { n: 2 } }),
    result('c', 'none'),
  );
  expect(decision.updatedInput).toEqual({ n: 2 });
});

it('one hook is enough to stop the agent, and its stop reason is the one that counts', () => {
  const decision = combined(
    result('a', 'none', { continue: true, stopReason: 'not this' }),
    result('b', 'block', { continue: false, stopReason: 'this' }),
    result('c', 'block', { continue: false, stopReason: 'too late' }),
  );
  expect(decision).toMatchObject({ continue: false, stopReason: 'this' });
});

it('a stop without a reason has none, and going on is not mentioned', () => {
  const stopped = combined(result('a', 'block', { continue: false }));
  expect(stopped.continue).toBe(false);
  expect(stopped).not.toHaveProperty('stopReason');
  expect(combined(result('a', 'none', { continue: true, stopReason: 'x' }))).not.toHaveProperty(
    'continue',
  );
});

it.each([
  ['allow', true],
  ['ask', false],
  ['block', false],
] as const)('an override beside %s overrides the policy: %s', (other, expected) => {
  const decision = combined(result('a', 'allow', { overridesPolicy: true }), result('b', other));
  expect(decision.overridesPolicy).toBe(expected ? true : undefined);
});

it('a plain allow overrides no policy', () => {
  expect(combined(result('a', 'allow'))).not.toHaveProperty('overridesPolicy');
});

it('diagnostics say which hook they are about', () => {
  const decision = combined(
    result('a', 'none', { diagnostics: [{ code: 'unknown-key', message: 'x' }] }),
    result('b', 'none', { diagnostics: [{ code: 'contradiction', message: 'y' }] }),
  );
  expect(codesOf(decision.diagnostics)).toEqual(['unknown-key', 'contradiction']);
  expect(decision.diagnostics[0]?.message).toMatch(/^a: /);
});

it('results, skipped hooks and the duration are handed on as they are', () => {
  const results = [result('a', 'block', { reason: 'r' })];
  const decision = combine(azure, {
    event: 'PreToolUse',
    results,
    skipped: ['b', 'c'],
    durationMs: 12.5,
  });
  expect(decision).toMatchObject({
    v: 1,
    event: 'PreToolUse',
    dialect: 'azure',
    skipped: ['b', 'c'],
    durationMs: 12.5,
  });
  expect(decision.results).toEqual(results);
});

it('the first reason to end the turn counts, or all of them where reasons are told of all hooks', () => {
  const ends = [
    result('a', 'none', { continue: false }),
    result('b', 'none', { continue: false, stopReason: 'b' }),
    result('c', 'none', { continue: true, stopReason: 'not heard' }),
    result('d', 'none', { continue: false, stopReason: 'd' }),
  ];
  expect(combined(...ends)).toMatchObject({ continue: false, stopReason: 'b' });
  const gemini = combine(findDialect('gemini-cli'), {
    event: 'BeforeTool',
    results: ends,
    skipped: [],
    durationMs: 0,
  });
  expect(gemini).toMatchObject({ continue: false, stopReason: 'b\nd' });
});
