import { expect, test } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { openhands } from '../../../src/agents/openhands/dialect.ts';
import { hasVerdict, saysNo, strictness } from '../../../src/protocol/verdict/claims.ts';

test.each<[string, unknown, number]>([
  ['decision', 'deny', 0],
  ['decision', 'ask', 1],
  ['decision', 'allow', 2],
  ['decision', 'DENY', 2],
  ['continue', false, 0],
  ['continue_', false, 0],
  ['continue', true, 2],
  ['continue', null, 2],
  ['review', true, 1],
  ['reason', 'deny', 2],
])('%s of %j is %i', (path, value, rank) => {
  expect(strictness(azure, path, value)).toBe(rank);
});

test('a dialect that folds words and goes by truth values does so here', () => {
  expect(strictness(openhands, 'decision', 'DENY')).toBe(0);
  expect(strictness(openhands, 'continue', null)).toBe(0);
  expect(saysNo(openhands, { continue: 0 })).toBe(true);
});

test.each([
  [{ decision: 'block' }, true, true],
  [{ hookSpecificOutput: { decision: { behavior: 'deny' } } }, true, true],
  [{ decision: 'allow' }, false, true],
  [{ hookSpecificOutput: {} }, false, true],
  [{ hook_specific_output: 1 }, false, true],
  [{ reason: 'r' }, false, false],
  [{}, false, false],
])('%j says no: %s, is a verdict: %s', (root, no, verdict) => {
  expect([saysNo(azure, root), hasVerdict(root)]).toEqual([no, verdict]);
});
