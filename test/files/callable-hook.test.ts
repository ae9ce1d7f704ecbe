import { describe, expect, it } from 'vitest';
import { agentpool } from '../../src/agents/agentpool/dialect.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { scriptOf } from '../../src/protocol/action.ts';
import { projectOf } from '../bundling/samples.ts';
import { hookOf, problemsOf, read } from './entry-samples.ts';

const project = projectOf({
  'myproject/__init__.py': '',
  'myproject/hooks.py': 'from . import rules\ndef check(**event): pass\n',
  'myproject/rules.py': '',
  'words.txt': '',
});
const hook = 'type: callable\nimport: myproject.hooks.check\n';

it('a callable hook is a python3 script that calls its function, with the files of its module', () => {
  const script = scriptOf(
    hookOf(`${hook}arguments: {strict: true, word: "it's"}\nfiles: [words.txt]\n`, { project }),
  );
  expect(script).toMatchObject({
    runtime: 'python3',
    runs: [{ path: 'myproject/hooks.py', runtime: 'python3' }],
  });
  expect(script?.source).toMatch(
    /^__import__.*chdir[\s\S]*\ncall\("myproject\.hooks\.check", "\{\\"strict\\":true,\\"word\\":\\"it's\\"\}", None\)\n$/,
  );
  expect(script?.bundle?.files.map(({ path }) => path)).toEqual([
    'myproject/__init__.py',
    'myproject/hooks.py',
    'myproject/rules.py',
    'words.txt',
  ]);
});

it('a function that returns nothing allows where the dialect says so', () => {
  const place = { project, dialect: agentpool, event: 'pre_tool_use' };
  expect(scriptOf(hookOf(hook, place))?.source).toMatch(/, 'allow'\)\n$/);
});

it.each(['import_path: myproject.hooks.check', 'importPath: myproject.hooks:check'])(
  'the function is read from %s',
  (line) => {
    const { source } = scriptOf(hookOf(`type: callable\n${line}\n`, { project })) ?? {};
    expect(source).toContain('call("myproject.hooks.check"');
  },
);

it('a callable hook has the settings of every script', () => {
  const text = `${hook}env: {A: b}\nworkingDir: myproject\nstate: session\nonce: true\n`;
  const one = hookOf(text, { project });
  expect(one).toMatchObject({ state: 'session', once: true });
  expect(scriptOf(one)?.source).toContain('{"A":"b"}');
});

describe('a callable hook is refused at its place for', () => {
  it.each([
    ['no import', 'type: callable\n', ['1:7']],
    ['a path without a module', 'type: callable\nimport: check\n', ['2:9']],
    ['a path that is a file', 'type: callable\nimport: myproject/hooks.py\n', ['2:9']],
    ['a script', `${hook}script: x\n`, ['3:9']],
    ['a command', `${hook}command: x\n`, ['3:10']],
    ['a prompt', `${hook}prompt: x\n`, ['3:9']],
    ['arguments that are no mapping', `${hook}arguments: [1]\n`, ['3:12']],
    ['long arguments', `${hook}arguments: {a: ${'x'.repeat(16 << 10)}}\n`, ['3:12']],
    ['a module that is not there', 'type: callable\nimport: myproject.hook.check\n', ['2:9']],
    ['a function that is not there', 'type: callable\nimport: myproject.hooks.chekc\n', ['2:9']],
    ['an import of a command', 'script: x\nimport: a.b\n', ['2:9']],
    ['arguments of a command', 'script: x\narguments: {}\n', ['2:12']],
  ])('%s', (_, text, places) => {
    expect(problemsOf(text, { project })).toEqual(places);
  });

  it('a document without files', () => {
    expect(read(hook).problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/myproject\.hooks\.check .*hookpool bundle/),
    ]);
  });
});

describe('a file of AgentPool', () => {
  const file = (keys: object) =>
    JSON.stringify({
      agents: { a: { hooks: { pre_tool_use: [{ type: 'callable', ...keys }] } } },
    });

  it('is read with its callable hooks', () => {
    const keys = { import_path: 'myproject.hooks.check', arguments: { a: 1 }, timeout: 5 };
    const { hooks } = parseHooksFile('f.yaml', file(keys), {}, project);
    expect(hooks[0]?.hook).toMatchObject({ timeoutMs: 5_000, failMode: 'allow' });
    expect(scriptOf(hooks[0]?.hook as never)?.runtime).toBe('python3');
  });

  it('keeps a function that is not there as a hook that cannot run, and tells it', () => {
    const [loaded] = parseHooksFile('f.yaml', file({ import_path: 'a.b' }), {}, project).hooks;
    expect(loaded?.hook.action).toMatchObject({ kind: 'unsupported', type: 'callable' });
    expect(loaded?.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^There is no python module of a\.b .* failMode, allow\.$/),
    ]);
  });
});
