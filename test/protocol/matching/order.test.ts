import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import { orderHooks } from '../../../src/protocol/matching/order.ts';
import { sampleHook } from '../samples.ts';

it('hooks run tier by tier, and inside a tier in the order in which they were given', () => {
  const named = (name: string, tier: Hook['tier']) => sampleHook({ name, tier });
  const hooks = [
    named('g1', 'global'),
    named('a1', 'agent'),
    named('s1', 'system'),
    named('g2', 'global'),
    named('a2', 'agent'),
  ];
  expect(orderHooks(azure, hooks).map((hook) => hook.name)).toEqual(['s1', 'a1', 'a2', 'g1', 'g2']);
  expect(
    orderHooks({ ...azure, tierOrder: ['global', 'system'] }, hooks).map((hook) => hook.name),
  ).toEqual(['g1', 'g2', 's1']);
});
