import { expect, test } from 'vitest';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { callableCases, decisionOn, expectDecision } from './callable-case.ts';
import { observedRun } from './case.ts';

test('every case has an id of its own, a source and a note', () => {
  expect(new Set(callableCases.map(({ id }) => id)).size).toBe(callableCases.length);
  for (const { id, source, note } of callableCases) expect([source, note], id).not.toContain('');
});

test.each(callableCases.map((one) => [one.id, one] as const))('holds: %s', async (_, one) => {
  const decision = await decisionOn(one, (at) => async (job) => {
    const observed = one.observed[at];
    if (observed == null) throw new Error(`no run of ${job.hook.name}`);
    return decide(job.dialect, job.hook, observedRun(observed));
  });
  expectDecision(decision, one);
});
