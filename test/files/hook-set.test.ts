import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { readEventMap, refuse, withHooks } from '../../src/files/hook-set.ts';
import { SourceDocument } from '../../src/files/source-document.ts';
import type { JsonObject } from '../../src/protocol/json.ts';

function source(text: string): SourceDocument {
  const { documents, problems } = SourceDocument.parse('f.yaml', text);
  if (documents[0] === undefined) throw new Error(JSON.stringify(problems));
  return documents[0];
}

/** Reads what stands under `on`. */
function read(text: string) {
  const document = source(text);
  return readEventMap(
    { source: document, dialect: azure, path: ['on'], tier: 'global', project: undefined },
    (document.value as JsonObject)['on'],
  );
}

it('hooks come in their order, under the dialect spelling of the event and in the tier of the place', () => {
  const { hooks, problems } = read(
    'on:\n  stop: [{script: a}, {name: n, script: b}]\n  START: [{script: c, tier: agent}]\n',
  );
  expect(problems).toEqual([]);
  expect(hooks.map(({ hook }) => [hook.event, hook.name, hook.tier])).toEqual([
    ['Stop', 'Stop[0]', 'global'],
    ['Stop', 'n', 'global'],
    ['Start', 'Start[0]', 'agent'],
  ]);
});

it.each(['on: {}\n', 'on: {Stop: []}\n'])('%j holds no hooks and is fine', (text) => {
  expect(read(text)).toEqual({ hooks: [], problems: [] });
});

it.each([
  ['nothing', 'on:\n', ['1:4']],
  ['a list', 'on: [Stop]\n', ['1:5']],
  ['a text', 'on: Stop\n', ['1:5']],
  ['an unknown event', 'on:\n  Nope: []\n', ['2:3']],
  ['an event of Object', 'on:\n  constructor: []\n  __proto__: []\n', ['2:3', '3:3']],
  ['an event without a list', 'on:\n  Stop:\n', ['2:8']],
  ['an unknown event without a list', 'on:\n  Nope: 5\n', ['2:3', '2:9']],
  ['hooks that are none', 'on:\n  Stop: [x, {script: a}, null]\n', ['2:10', '2:26']],
])('%s is a problem at its place', (_, text, places) => {
  expect(read(text).problems.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
});

it('what is good is still read beside a problem, so that every problem is found', () => {
  const { hooks, problems } = read('on:\n  Nope: []\n  Stop: [{script: a}, {script: ""}]\n');
  expect(hooks.map(({ hook }) => hook.name)).toEqual(['Stop[0]']);
  expect(problems).toHaveLength(2);
});

it('a document with one problem has no hooks at all', () => {
  const set = { file: 'f.yaml', format: 'hookpool', dialect: azure } as const;
  const good = read('on: {Stop: [{script: a}]}\n');
  expect(withHooks(set, good)).toEqual({ set: { ...set, hooks: good.hooks }, problems: [] });
  const bad = read('on: {Stop: [{script: a}, x]}\n');
  expect(withHooks(set, bad)).toEqual({ problems: bad.problems });
});

it('a refusal is one problem', () => {
  expect(refuse(source('a: 1\nb: 2\n'), ['b'], 'm')).toEqual({
    problems: [{ file: 'f.yaml', line: 2, column: 4, path: ['b'], message: 'm' }],
  });
});

it('groups give their hooks a matcher, and stand beside hooks without one', () => {
  const { hooks, problems } = read(
    'on:\n  PreToolUse:\n    - {matcher: Bash, sequential: true, hooks: [{script: a}, {script: b, name: n}]}\n    - {script: c, matcher: "*"}\n    - {matcher: {toolPattern: Edit}, description: d, hooks: [{script: d}]}\n',
  );
  expect(problems).toEqual([]);
  expect(hooks.map(({ hook }) => [hook.name, hook.matcher, hook.sequential])).toEqual([
    ['PreToolUse[0]', 'Bash', true],
    ['n', 'Bash', true],
    ['PreToolUse[2]', '*', undefined],
    ['PreToolUse[3]', 'Edit', undefined],
  ]);
  expect(hooks[3]?.hook.matches('Edit')).toBe(true);
});

it.each([
  ['that is empty', '{hooks: []}', []],
  ['with another key', '{hooks: [{script: a, matcher: "*"}], timeout: 5}', ['3:44']],
  ['without a list', '{matcher: "*", hooks: {script: a}}', ['3:29']],
  [
    'with a matcher that is none, at every hook',
    '{matcher: "[", hooks: [{script: a}, {script: b}]}',
    ['3:17', '3:17'],
  ],
  ['whose hook has a matcher too', '{matcher: "*", hooks: [{script: a, matcher: "*"}]}', ['3:42']],
  ['whose hook is empty', '{matcher: "*", hooks: [{script: ""}]}', ['3:39']],
  ['whose hook is none', '{matcher: "*", hooks: [5]}', ['3:30']],
  ['with two spellings', '{hooks: [], Hooks: [], "hooks ": []}', ['3:19', '3:30']],
])('a group %s is looked at as closely as a hook', (_, group, places) => {
  const { problems } = read(`on:\n  PreToolUse:\n    - ${group}\n`);
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
});
