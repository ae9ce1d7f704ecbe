import { expect, it } from 'vitest';
import { pointedVerdict } from '../../../src/protocol/verdict/pointed-verdict.ts';
import { titled } from '../../support/titles.ts';

const rules = {
  block: '/flagged',
  ask: { at: '/results/0/level', equals: 'high' },
  allow: '/a~1b/c~0d',
  reason: '/why',
};
const answer = { flagged: false, results: [{ level: 'low' }], 'a/b': { 'c~d': false } };

it.each([
  [{ ...answer, flagged: true, why: 'w' }, 'block', 'w'],
  [{ ...answer, results: [{ level: 'high' }] }, 'ask', undefined],
  [{ ...answer, 'a/b': { 'c~d': true }, why: 5 }, 'allow', undefined],
  [answer, 'none', undefined],
  [{ ...answer, flagged: true, 'a/b': { 'c~d': true } }, 'block', undefined],
])('%j is %s', (value, decision, reason) => {
  expect(pointedVerdict(JSON.stringify(value), rules)).toEqual({ said: { decision, reason } });
});

it.each(
  titled([
    ['', 'it is no JSON'],
    ['nothing wrong', 'it is no JSON'],
    ['{}', 'it has nothing at /flagged'],
    ['[{"flagged":true}]', 'it has nothing at /flagged'],
    ['{"flagged":"true"}', '/flagged is neither true nor false'],
    ['{"flagged":0}', '/flagged is neither true nor false'],
    ['{"flagged":false,"results":{"0":1}}', 'it has nothing at /results/0/level'],
    ['{"flagged":false,"results":[]}', 'it has nothing at /results/0/level'],
    ['{"flagged":true,"flagged":false}', 'a key of it is there twice'],
    ['{"a":[{"b":1,"\\u0062":2}],"flagged":false}', 'a key of it is there twice'],
    ['['.repeat(65), 'it is too large to be read'],
    [`[${'1,'.repeat(10_001)}1]`, 'it is too large to be read'],
  ]),
)('%j has no verdict', (_, text, problem) => {
  expect(pointedVerdict(text.slice(0, 40_000), rules)).toEqual({ problem });
});

it('names of prototypes are names like any other', () => {
  expect(pointedVerdict('{}', { block: '/constructor' }).problem).toContain('nothing at');
  expect(pointedVerdict('{"__proto__":true}', { block: '/__proto__' }).said?.decision).toBe(
    'block',
  );
});

it('no rule means no objection', () => {
  expect(pointedVerdict('{}', {})).toEqual({ said: { decision: 'none', reason: undefined } });
});
