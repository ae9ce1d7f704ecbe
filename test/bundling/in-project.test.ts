import { describe, expect, it } from 'vitest';
import { type HookSettings, inProject } from '../../src/bundling/in-project.ts';
import type { Runtime } from '../../src/protocol/run.ts';
import { projectOf } from './samples.ts';

const deep = projectOf({ 'a/e/hooks.json': '{}', 'd/y.py': '' }, { folder: '/w' });
const files = projectOf(
  { 'a/x.sh': 'b.txt', 'a/b.txt': '', 'a/c.txt': '', 'd/y.sh': '' },
  { folder: '/w', home: '/home/me' },
);

function script(
  source: string,
  settings: HookSettings,
  { dialect = 'azure', beside = files as typeof files | null, runtime = 'bash' as Runtime } = {},
) {
  const read = inProject({ runtime, source }, settings, { dialect, files: beside ?? undefined });
  const { bundle, runs, ...rest } = read.script;
  return { ...rest, runs, files: bundle?.files.map(({ path }) => path), problems: read.problems };
}

const command = (text: string, settings: HookSettings = {}, over = {}) =>
  script(text, { command: text, ...settings }, over);

const project = '"\x24{HOOKPOOL_WORKSPACE:-/project}"';
const enter = 'cd "\x24{HOOKPOOL_CWD:-/project}" || exit; ';
const own = '\x24{HOOKPOOL_WORKSPACE:+/project/}';

describe('a command', () => {
  it('that names nothing stays as it is', () => {
    const plain = { runtime: 'bash', source: 'exit 2' } as const;
    expect(inProject(plain, { command: 'exit 2' }, { dialect: 'azure', files: undefined })).toEqual(
      {
        script: plain,
        profile: 'small',
        problems: [],
        warnings: [],
        ofProject: [],
      },
    );
  });

  it('gets the files that it names and those that they name, its folder and the variables of its agent', () => {
    expect(command('a/x.sh | cat', { env: { A: '1' } }, { dialect: 'claude-code' })).toEqual({
      runtime: 'bash',
      source: `${enter}export CLAUDE_PROJECT_DIR=${project} CLAUDE_PLUGIN_ROOT=/project A=1; ${own}a/x.sh | cat`,
      files: ['a/b.txt', 'a/x.sh'],
      runs: [{ path: 'a/x.sh', runtime: 'bash' }],
      problems: [],
    });
  });

  it('starts in its working folder', () => {
    expect(command('./x.sh | cat', { workingDir: 'a' })).toMatchObject({
      source: `cd ${project}/a || exit; ${own.replace('}', 'a/}')}./x.sh | cat`,
    });
    expect(command('./x.sh | cat', { workingDir: '/w/a/' })).toMatchObject({
      files: ['a/b.txt', 'a/c.txt', 'a/x.sh'],
    });
    expect(command('python3 ../../d/y.py', { workingDir: 'a/e' }, { beside: deep })).toMatchObject({
      files: ['a/e/hooks.json', 'd/y.py'],
      runs: [{ path: 'd/y.py', runtime: 'python3' }],
      source: expect.stringContaining('launch("/project/a/e", '),
      problems: [],
    });
  });

  it('gets the folder that it changes into', () => {
    const text = 'cd "$CLAUDE_PROJECT_DIR/a" && ./x.sh';
    expect(command(text, {}, { dialect: 'claude-code' })).toMatchObject({
      files: ['a/b.txt', 'a/c.txt', 'a/x.sh'],
      problems: [],
    });
  });

  it('gets variables, and else stays outside of the project', () => {
    expect(command('echo $A', { env: { A: 'x' } })).toMatchObject({
      source: 'export A=x; echo $A',
      files: undefined,
    });
  });

  it("of a user's own settings finds its files at home", () => {
    const beside = projectOf({ 'x.sh': '' }, { folder: '/home/me', home: '/home/me' });
    expect(command('~/x.sh | cat', {}, { beside })).toMatchObject({
      source: `${enter}export HOME=/project; ~/x.sh | cat`,
      files: ['x.sh'],
    });
  });
});

describe('files', () => {
  it.each([
    [['a/b.txt'], ['a/b.txt']],
    [['./a'], ['a/b.txt', 'a/c.txt', 'a/x.sh']],
    [['a/*.txt'], ['a/b.txt', 'a/c.txt']],
    [
      ['**/*.sh', '!d/**'],
      ['a/b.txt', 'a/x.sh'],
    ],
    [['a', '!**/b.txt', '!a/c.txt'], ['a/x.sh']],
  ])('%j are %j', (patterns, expected) => {
    expect(command('exit 0', { files: patterns })).toMatchObject({ files: expected, problems: [] });
  });

  it.each<[string, Runtime, string]>([
    ['#!/bin/bash\ncat a/b.txt', 'bash', `${enter}\ncat a/b.txt`],
    ['cat a/b.txt', 'bash', `${enter}cat a/b.txt`],
    [
      '#!/usr/bin/env python3\nx',
      'python3',
      "__import__('os').chdir(__import__('os').environ.get('HOOKPOOL_CWD', '/project'))\nx",
    ],
  ])('of a script %j lie where it starts', (source, runtime, expected) => {
    expect(script(source, { files: ['a/b.txt'] }, { runtime })).toMatchObject({
      source: expected,
      files: ['a/b.txt'],
    });
  });

  it('a script without any stays as it is', () => {
    expect(script('#!/bin/bash\nexit 2', {})).toMatchObject({
      source: '#!/bin/bash\nexit 2',
      files: undefined,
    });
  });
});

it.each<[string, HookSettings, string, string]>([
  ['exit', { workingDir: '../x' }, 'workingDir', 'must be inside the project'],
  ['exit', { workingDir: '~/x' }, 'workingDir', 'must be inside the project'],
  ['a/x.sh', { workingDir: 'd' }, 'command', 'needs the file a/x.sh'],
  ['exit', { workingDir: 'e' }, 'workingDir', 'No file of e is taken along'],
  ['exit', { env: { UID: '1' } }, 'env', 'UID cannot be set'],
  ['exit', { files: ['none', 'x/*.sh', '../*'] }, 'files', 'files: nothing is called none.'],
  ['./none.sh', {}, 'command', 'needs the file ./none.sh'],
])('%s with %j: the problem is at %s: %s', (text, settings, key, message) => {
  expect(command(text, settings).problems[0]).toEqual([key, expect.stringContaining(message)]);
});

it('without any files, files are a problem', () => {
  expect(command('exit', { files: ['x'] }, { beside: null }).problems).toEqual([
    ['files', expect.stringContaining('send what hookpool bundle prints')],
  ]);
});

it('too much for a bundle is a problem of the script; a bug is none', () => {
  const many = projectOf(
    Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`f${at}`, ''])),
  );
  expect(command('exit', { files: ['*'] }, { beside: many }).problems).toEqual([
    [undefined, expect.stringContaining('256 are the most')],
  ]);
  const broken = {
    ...files,
    list: () => {
      throw new TypeError('x');
    },
  };
  expect(() => command('a/x.sh', {}, { beside: broken })).toThrow(TypeError);
});
