import { expect, it } from 'vitest';
import type { Fact, Kind } from '../../../src/bundling/needs/facts.ts';
import { Facts } from '../../../src/bundling/needs/facts.ts';
import { isOfProject, lackingFacts, lacksOf } from '../../../src/bundling/needs/lacks.ts';
import { sentences } from '../../../src/bundling/needs/sentences.ts';

const facts = (kind: Kind, ...names: string[]): Fact[] =>
  names.map((name, index) => ({ kind, name, line: 9 - index, isSure: false }));

it.each<[Kind, string[], string]>([
  ['program', ['a'], "a is not in the sandbox's image."],
  ['program', ['a', 'b'], "a and b are not in the sandbox's image."],
  ['program', [...'abcdefgh'], "a, b, c, d, e, f and 2 more are not in the sandbox's image."],
  ['network', ['a', 'b'], 'a and b need the network, which a sandbox does not have.'],
  [
    'module',
    ['a', 'b'],
    "the python modules a and b are neither in the sandbox's image nor among the files: put them beside the script.",
  ],
  [
    'variable',
    ['A', 'B'],
    'needs the variables A and B of the agent, which a sandbox does not have: read the JSON on stdin.',
  ],
  ['path', ['a', 'b'], 'a and b do not go along: name what is needed in files.'],
  [
    'write',
    [''],
    "writes files: only /tmp and the run's own copy of the project can be written, and nothing there outlives the run.",
  ],
  [
    'state',
    ['a'],
    'reads a of an earlier run: nothing in /tmp outlives the run without "state: session" on the hook.',
  ],
  [
    'home',
    ['~/a'],
    'uses the home folder (~/a): a sandbox has an empty one, and nothing in it outlives the run.',
  ],
])('%s %j', (kind, names, text) => {
  expect(sentences(facts(kind, ...names))).toEqual([{ text, line: 10 - names.length }]);
});

it('the sentences are in the order of the lines', () => {
  const some = [...facts('program', 'a', 'b'), ...facts('home', 'c', 'd', 'e')];
  expect(sentences(some).map(({ line }) => line)).toEqual([7, 8]);
});

it('the script of the hook itself has only lines', () => {
  const own = new Facts();
  own.add('program', 'git', 3);
  own.add('network', 'curl', 1);
  expect(lacksOf(lackingFacts([{ name: '', facts: own }], [], () => false))).toEqual([
    'curl needs the network, which a sandbox does not have.',
    "line 3: git is not in the sandbox's image.",
  ]);
});

it('the project itself is always there', () => {
  const own = new Facts();
  own.add('path', '/project', 1, { places: [''] });
  expect(lacksOf(lackingFacts([{ name: 'x', facts: own }], [], () => false))).toEqual([]);
});

it('files of the project are told apart from what no sandbox has, such as a transcript', () => {
  const own = new Facts();
  own.add('opened', 'file_path', 1);
  own.add('opened', 'transcript_path', 2);
  own.add('program', 'git', 3);
  own.add('path', 'a.txt', 4, { places: ['a.txt'] });
  expect(own.all.filter(isOfProject).map(({ name }) => name)).toEqual(['file_path', 'a.txt']);
});
