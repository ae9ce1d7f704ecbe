import { expect, it } from 'vitest';
import { Facts } from '../../../src/bundling/needs/facts.ts';

it('of equal facts the first is kept, and the sure one before the others', () => {
  const facts = new Facts();
  facts.add('program', 'git', 1);
  facts.add('program', 'git', 2, { isSure: true });
  facts.add('program', 'git', 3, { isSure: true });
  facts.add('program', 'git', 4);
  expect(facts.all).toEqual([{ kind: 'program', name: 'git', line: 2, isSure: true }]);
});

it('at most 200 are kept', () => {
  const facts = new Facts();
  for (let i = 0; i < 300; i++) facts.add('program', `p${i}`, 1);
  expect(facts.all.length).toBe(200);
});

it('those of a text inside have the lines of the outer one', () => {
  const inner = new Facts();
  inner.add('program', 'git', 2, { isSure: true });
  inner.functions.add('f');
  const facts = new Facts();
  facts.take(inner, 10, false);
  expect(facts.all).toEqual([{ kind: 'program', name: 'git', line: 11, isSure: false }]);
  expect([...facts.functions]).toEqual(['f']);
});
