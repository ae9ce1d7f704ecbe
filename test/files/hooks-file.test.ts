import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { dialects } from '../../src/agents/registry.ts';
import { formatProblems } from '../../src/files/problem-text.ts';
import { eventRules } from '../../src/protocol/dialect-lookup.ts';
import { hooksOf, parse, problemsOf, refusal } from './samples.ts';

const own = `# guards
dialect: azure
description: mine
hooks:
  pre_tool_use:
    - name: no-rm
      matcher: Bash
      script: exit 0
    - matcher: "*"
      command: exit 2
  Stop:
    - script: exit 0
`;

it('our own file gives its hooks in order, in the agent tier', () => {
  const set = parse(own);
  expect(set).toMatchObject({ file: 'f.yaml', format: 'hookpool', dialect: azure });
  expect(set.hooks.map(({ hook }) => [hook.event, hook.name, hook.tier])).toEqual([
    ['PreToolUse', 'no-rm', 'agent'],
    ['PreToolUse', 'PreToolUse[1]', 'agent'],
    ['Stop', 'Stop[0]', 'agent'],
  ]);
});

it('the same file may be JSON', () => {
  const text = JSON.stringify(
    { hooks: { Stop: [{ script: 'exit 0', failMode: 'block' }] } },
    null,
    2,
  );
  expect(hooksOf(text)).toMatchObject([{ event: 'Stop', failMode: 'block' }]);
});

it.each(['hooks: {}\n', 'dialect:\nhooks: {Stop: []}\n'])(
  '%j holds no hooks and is fine',
  (text) => {
    expect(parse(text)).toMatchObject({ dialect: azure, hooks: [] });
  },
);

it('several documents in one file give all of their hooks', () => {
  const text =
    'hooks:\n  Stop: [{name: a, script: x}]\n---\nkind: GlobalHook\nname: b\neventType: Stop\nhook: {script: y}\n';
  const set = parse(text);
  expect(set.format).toBe('hookpool');
  expect(set.hooks.map(({ hook }) => [hook.name, hook.tier])).toEqual([
    ['a', 'agent'],
    ['b', 'global'],
  ]);
});

it('documents of different kinds are merged, in their order, and the agent is kept', () => {
  const agent =
    'kind: ExtendedAgent\nmetadata: {name: sre}\nspec: {hooks: {Stop: [{script: x}]}}\n';
  const set = parse(
    `hooks: {Stop: [{script: x}]}\n---\n${agent}---\nhooks: {Stop: [{script: x}]}\n---\n${agent}`,
  );
  expect(set).toMatchObject({ format: 'hookpool', agent: 'sre' });
  expect(set.hooks.map(({ hook }) => hook.name)).toEqual([
    'Stop[0]',
    'Stop[0]#2',
    'Stop[0]#3',
    'Stop[0]#4',
  ]);
});

it('documents for two agents are refused, each at its beginning', () => {
  const agent = (name: string) => `kind: ExtendedAgent\nmetadata: {name: ${name}}\nspec: {}\n`;
  const { problems } = refusal(['a', 'b', 'a', 'c'].map(agent).join('---\n'));
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['5:1', '13:1']);
  expect(problems[0]?.message).toContain('another agent');
});

it('empty documents are skipped', () => {
  expect(
    hooksOf('---\n# nothing\n---\nhooks: {Stop: [{script: x}]}\n---\nnull\n---\n'),
  ).toMatchObject([{ name: 'Stop[0]' }]);
});

it('default names that repeat are numbered, by event', () => {
  const text =
    'hooks:\n  Stop: [{script: x}]\n  stop: [{script: y}]\n  STOP: [{script: z}]\n  Start: [{script: x}]\n';
  expect(hooksOf(text).map(({ name }) => name)).toEqual([
    'Stop[0]',
    'Stop[0]#2',
    'Stop[0]#3',
    'Start[0]',
  ]);
});

it('names of their own are never numbered: two of one event are refused, also across documents', () => {
  const text =
    'hooks: {Stop: [{name: a, script: x}]}\n---\nhooks:\n  stop:\n    - {name: a, script: y}\n';
  expect(problemsOf(text)).toEqual(['5:25']);
});

it('a numbered hook keeps the place of its script', () => {
  const [, second] = parse('hooks:\n  Stop: [{script: x}]\n  stop: [{script: y}]\n').hooks;
  expect(second?.scriptProblem('m')).toMatchObject({ line: 3, column: 19 });
});

it.each([
  ['an empty file', '', ['1:1']],
  ['a list', '- hooks\n', ['1:1']],
  ['a text', 'exit 0\n', ['1:1']],
  ['null', 'null\n', ['1:1']],
  ['a key that comes twice', 'hooks:\n  Stop: []\n  Stop: []\n', ['3:3']],
  ['no hooks', 'description: x\n', ['1:1']],
  ['hooks that are a list', 'hooks:\n  - Stop\n', ['2:3']],
  ['hooks of nothing', 'hooks:\n', ['1:7']],
  ['an unknown key at the top', 'hook:\n  Stop: []\nhooks: {}\n', ['1:1']],
  ['__proto__ at the top', 'hooks: {}\n__proto__: {}\n', ['2:1']],
  ['an unknown dialect', 'dialect: cobol\nhooks: {}\n', ['1:10']],
  ['a dialect that is no text', 'dialect: [azure, x]\nhooks: {}\n', ['1:10']],
  ['an unknown key and an unknown dialect', 'x: 1\ndialect: cobol\nhooks: {}\n', ['1:1', '2:10']],
  ['an unknown event', 'hooks:\n  BeforeTool: []\n', ['2:3']],
  ['an event __proto__', 'hooks:\n  __proto__: []\n', ['2:3']],
  ['an event without a list', 'hooks:\n  Stop: {script: x}\n', ['2:9']],
  ['an unknown event without a list', 'hooks:\n  BeforeTool: 5\n', ['2:3', '2:15']],
  ['an event constructor', 'hooks:\n  constructor: []\n', ['2:3']],
  ['constructor at the top', 'hooks: {}\nconstructor: {}\n', ['2:1']],
  ['a kind that is a number', 'kind: 5\n', ['1:7']],
  ['a kind that is nothing', 'hooks: {}\nkind:\n', ['2:6']],
  ['a kind that is a mapping', 'hooks: {}\nkind: {toString: 1}\n', ['2:7']],
  ['a type that is a list', 'hooks: {}\ntype: [GlobalHook]\n', ['2:7']],
  ['a dialect that is a mapping', 'dialect: {toString: 1}\nhooks: {}\n', ['1:10']],
  ['an unknown kind', 'hooks: {}\nkind: Deployment\n', ['2:7']],
  ['a hook that is no mapping', 'hooks:\n  Stop:\n    - exit 0\n', ['3:7']],
  ['an unknown key in a hook', 'hooks:\n  Stop:\n    - script: x\n      attempts: 3\n', ['4:7']],
  [
    'one name for two hooks',
    'hooks:\n  Stop:\n    - {name: a, script: x}\n    - name: a\n      script: y\n',
    ['5:15'],
  ],
  [
    'one name for two prompt hooks',
    'hooks:\n  Stop:\n    - {name: a, type: prompt, prompt: p}\n    - {name: a, type: prompt, prompt: p}\n',
    ['4:7'],
  ],
  ['an error in the second document', 'hooks: {}\n---\nhooks:\n  Nope: []\n', ['4:3']],
])('%s is refused at its place', (_, text, places) => {
  expect(problemsOf(text)).toEqual(places);
});

it('every problem of every document is listed, and nothing is loaded', () => {
  const text = 'hooks:\n  Nope: []\n  Stop:\n    - script: x\n    - script: ""\n---\nkind: Pod\n';
  expect(problemsOf(text)).toEqual(['2:3', '5:15', '7:7']);
});

it('a refusal is an invalid input that carries file, line and column in its text', () => {
  const error = refusal('hooks:\n  Nope: []\n');
  expect(error).toMatchObject({
    name: 'InvalidHooksError',
    code: 'INVALID_HOOKS',
    retryable: false,
  });
  expect(error.message).toMatch(/^f\.yaml:2:3: /);
});

it('the same name for hooks of two events is fine', () => {
  expect(
    hooksOf('hooks:\n  Start: [{name: a, script: x}]\n  Stop: [{name: a, script: x}]\n'),
  ).toHaveLength(2);
});

it('a problem with a script that is found later has its place in the file', () => {
  const [, second] = parse(own).hooks;
  expect(second?.scriptProblem('m')).toMatchObject({
    file: 'f.yaml',
    line: 10,
    column: 16,
    message: 'm',
  });
});

it('problems are one line each', () => {
  const problem = { file: 'a.yaml', line: 1, column: 2, path: [], message: 'x' };
  expect(formatProblems([problem, { ...problem, line: 3 }])).toBe('a.yaml:1:2: x\na.yaml:3:2: x');
  expect(formatProblems([])).toBe('');
});

const file = (dialect: string, event: string, keys = '') =>
  `dialect: ${dialect}\nhooks: {${event}: [{script: exit 0${keys}}]}`;

it.each(dialects)(
  'a file of the $name dialect has its events, in any case and with or without underscores',
  (dialect) => {
    for (const event of Object.keys(dialect.events)) {
      const matcher = dialect.matcher.emptyMatches === 'nothing' ? ', matcher: "*"' : '';
      const spelt = [event, event.toUpperCase(), event.replaceAll('_', '')];
      for (const name of spelt) {
        const [loaded] = parse(file(dialect.name, name, matcher)).hooks;
        const rules = eventRules(dialect, event);
        expect(loaded?.hook).toMatchObject({
          event,
          timeoutMs: rules.defaultTimeoutMs ?? dialect.defaultTimeoutMs,
          failMode: rules.defaultFailMode ?? dialect.defaultFailMode,
          failModeIsDefault: true,
        });
      }
    }
  },
);

it('a hook may have a condition, under either name, and be strict or quiet', () => {
  const keys =
    ', if: "Bash(git *)", strictOutput: true, quiet: true, failMode: block, timeout: 0.5';
  const [loaded] = parse(file('claude-code', 'PreToolUse', keys)).hooks;
  expect(loaded?.hook).toMatchObject({
    strictOutput: true,
    quiet: true,
    failMode: 'block',
    timeoutMs: 500,
  });
  expect(loaded?.hook).not.toHaveProperty('failModeIsDefault');
  const call = (command: string) => ({ toolName: 'Bash', toolInput: { command }, cwd: undefined });
  expect(loaded?.hook.condition?.(call('git push'))).toBe(true);
  const [other] = parse(file('generic', 'PreToolUse', ', condition: Bash(git *)')).hooks;
  expect(other?.hook.condition?.(call('ls'))).toBe(false);
});

it.each([
  ['claude-code', 'Stop', ', if: Bash'],
  ['claude-code', 'SessionStart', ', if: Bash'],
  ['claude-code', 'PreToolUse', ', if: "Bash("'],
  ['codex', 'PreToolUse', ', matcher: "a)|(b"'],
  ['codex', 'PreToolUse', ', async: true, failMode: Block'],
])('under %s a %s hook with%s is refused', (dialect, event, keys) => {
  expect(problemsOf(file(dialect, event, keys))).toHaveLength(1);
});
