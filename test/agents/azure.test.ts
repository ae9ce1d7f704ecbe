import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';

it('has the four documented events and no other', () => {
  expect(Object.keys(azure.events)).toEqual(['Start', 'PreToolUse', 'PostToolUse', 'Stop']);
});

it.each([
  [
    'Start',
    { canBlock: false, canAsk: false, usesMatcher: false, usesSources: true, shortCircuit: false },
  ],
  [
    'PreToolUse',
    { canBlock: true, canAsk: true, usesMatcher: true, usesSources: false, shortCircuit: true },
  ],
  [
    'PostToolUse',
    { canBlock: true, canAsk: false, usesMatcher: true, usesSources: false, shortCircuit: false },
  ],
  [
    'Stop',
    { canBlock: true, canAsk: false, usesMatcher: false, usesSources: false, shortCircuit: true },
  ],
])('%s can do what the documents say', (event, rules) => {
  expect(azure.events[event]).toMatchObject(rules);
});

it('only a Stop that is rejected without a reason counts as approved', () => {
  const lenient = Object.entries(azure.events).filter(
    ([, rules]) => rules.blankReason === 'approve',
  );
  expect(lenient.map(([event]) => event)).toEqual(['Stop']);
});

it('only Stop is the end of the turn, where to stop is consent', () => {
  const ends = Object.entries(azure.events).filter(([, rules]) => rules.endsTurn);
  expect(ends.map(([event]) => event)).toEqual(['Stop']);
});

it('has the documented limits and defaults', () => {
  expect(azure).toMatchObject({
    tierOrder: ['system', 'agent', 'global'],
    defaultTimeoutMs: 30_000,
    minTimeoutMs: 1_000,
    maxTimeoutMs: 300_000,
    defaultFailMode: 'allow',
    maxScriptBytes: 65_536,
    matcher: { anchored: true, emptyMatches: 'nothing' },
    blockReasonFrom: ['stderr', 'output'],
    contexts: 'last',
  });
});
