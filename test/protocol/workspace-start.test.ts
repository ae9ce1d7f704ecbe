import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  pythonFirst,
  startedBeside,
  startedIn,
  startedWith,
} from '../../src/protocol/workspace-start.ts';

const names = ['app', 'it\'s $HOME `x` \\ "q"', 'line\nend', 'ü'];
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'start-')));
for (const name of names) mkdirSync(path.join(root, name, 'sub'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

const show = ['HOOKPOOL_WORKSPACE', 'HOOKPOOL_CWD', 'GIT_CONFIG_VALUE_0'];
const scripts = {
  bash: `#!/bin/bash\npwd; printf '%s\\n' ${show.map((name) => `"$${name}"`).join(' ')}`,
  python3: `#!/usr/bin/env python3\nimport os\nfor text in [os.getcwd()] + [os.environ[n] for n in ${JSON.stringify(show)}]: print(text)`,
};

describe.each(['bash', 'python3'] as const)('%s', (runtime) => {
  it.each(names)('starts in a folder called %j, and knows it', (name) => {
    const workspace = path.join(root, name);
    const cwd = path.join(workspace, 'sub');
    const source = startedIn({ workspace, cwd }, { runtime, source: scripts[runtime] });
    const { stdout, stderr } = spawnSync(runtime, { input: source, encoding: 'utf8', cwd: '/' });
    expect({ stdout, stderr }).toEqual({
      stdout: [cwd, workspace, cwd, workspace, ''].join('\n'),
      stderr: '',
    });
  });

  it('gets variables where there is no workspace', () => {
    const variables = { HOOKPOOL_WORKSPACE: 'a', HOOKPOOL_CWD: "b'", GIT_CONFIG_VALUE_0: 'c' };
    const input = startedWith(variables, { runtime, source: scripts[runtime] });
    const { stdout } = spawnSync(runtime, { input, encoding: 'utf8', cwd: root });
    expect(stdout).toBe([root, 'a', "b'", 'c', ''].join('\n'));
  });

  it('does not run where the folder is gone', () => {
    const place = { workspace: '/none', cwd: '/none' };
    const { status, stdout } = spawnSync(runtime, {
      input: startedIn(place, { runtime, source: scripts[runtime] }),
      encoding: 'utf8',
    });
    expect({ stdout, failed: status !== 0 }).toEqual({ stdout: '', failed: true });
  });

  it('keeps the numbers of its lines', () => {
    const place = { workspace: '/a', cwd: '/a/b' };
    const lines = startedIn(place, { runtime, source: scripts[runtime] }).split('\n');
    expect(lines.slice(1)).toEqual(scripts[runtime].split('\n').slice(1));
  });
});

describe('a python script whose first statement must stay the first', () => {
  it.each([
    ['#!/usr/bin/env python3\n"""Says hello."""\nprint(__doc__, A)', 'Says hello. 1\n'],
    ['from __future__ import (annotations,\n  division)\nprint(A)', '1\n'],
    ['from __future__ import \\\n  annotations\nprint(A)', '1\n'],
    ['x = 1\ny = """\nfrom __future__ import annotations\n"""\nprint(A)', '1\n'],
  ])('%j', (text, stdout) => {
    const source = `${text.replace('A)', "__import__('os').environ['A'])")}\n`;
    const input = startedWith({ A: '1' }, { runtime: 'python3', source });
    const end = spawnSync('python3', { input, encoding: 'utf8' });
    expect({ stdout: end.stdout, stderr: end.stderr }).toEqual({ stdout, stderr: '' });
  });
});

describe('a statement before a python script', () => {
  it.each([
    ['#!/bin/python3\nx', 's\nx'],
    ["__import__('os').chdir('/')\nx", "s; __import__('os').chdir('/')\nx"],
    ['def f():\n  x', 's\ndef f():\n  x'],
    ['from __future__ import a # why\nx', 'from __future__ import a; s # why\nx'],
    ['from __future__ import a; x', 'from __future__ import a; s; x'],
    [
      'from __future__ import a\nfrom __future__ import b, c; x',
      'from __future__ import a\nfrom __future__ import b, c; s; x',
    ],
  ])('%j', (source, expected) => {
    expect(pythonFirst(source, 's')).toBe(expected);
  });
});

it('node starts by its own first line', () => {
  const script = { runtime: 'node', source: 'main();' } as const;
  const first = startedIn({ workspace: '/w', cwd: '/w/a' }, script).split('\n', 1)[0];
  expect(first).toMatch(/^#!hookpool-node \{.*"folder":"\/w\/a"/);
});

it('a run beside the workspace may let git read it, and does not start there', () => {
  const workspace = path.join(root, 'app');
  const source = startedBeside(workspace, { runtime: 'bash', source: scripts.bash });
  const { stdout } = spawnSync('bash', { input: source, encoding: 'utf8', cwd: '/', env: {} });
  expect(stdout).toBe(`/\n\n\n${workspace}\n`);
});
