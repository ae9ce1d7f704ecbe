import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { type Agreement, agreementOf } from '../../src/dispatch/shadow.ts';
import type { DecisionKind } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { exited, sampleHook } from '../protocol/samples.ts';

it.each<[DecisionKind, DecisionKind, Agreement]>([
  ['block', 'block', 'agreed'],
  ['none', 'allow', 'agreed'],
  ['allow', 'none', 'agreed'],
  ['ask', 'ask', 'agreed'],
  ['block', 'ask', 'stricter'],
  ['ask', 'none', 'stricter'],
  ['ask', 'block', 'milder'],
  ['allow', 'block', 'milder'],
])('%s beside %s has %s', (said, made, agreement) => {
  expect(agreementOf({ decision: said, cause: { kind: 'output' } }, made)).toBe(agreement);
});

it('a hook that gave no decision has failed, whatever its failMode is', () => {
  for (const failMode of ['allow', 'block', 'ask'] as const) {
    const result = decide(azure, sampleHook({ failMode }), exited(1));
    expect(agreementOf(result, result.decision)).toBe('failed');
  }
});
