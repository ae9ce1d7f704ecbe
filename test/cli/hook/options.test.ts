import { describe, expect, test } from 'vitest';
import { dialectNames } from '../../../src/agents/registry.ts';
import { readHookEnvironment } from '../../../src/cli/hook/environment.ts';
import { readOptions } from '../../../src/cli/hook/options.ts';
import { usage } from '../../../src/cli/hook/usage.ts';

const nothing = { server: undefined, token: undefined };
const read = (...argv: string[]) => readOptions(argv, nothing);

test('a dialect and a hook set are enough', () => {
  expect(read('--dialect', 'codex', '--hookset', 'mine')).toMatchObject({
    dialect: 'codex',
    hookset: 'mine',
    server: 'http://127.0.0.1:4665',
    deadlineMs: 25_000,
    failMode: undefined,
    local: [],
  });
});

test('the server comes from the command line, else from the environment', () => {
  const env = readHookEnvironment({ HOOKPOOL_SERVER: 'http://a', HOOKPOOL_TOKEN: 't', OTHER: 'x' });
  expect(env).toEqual({ server: 'http://a', token: 't' });
  expect(readOptions(['--dialect', 'x', '--hookset', 'y'], env)).toMatchObject({
    server: 'http://a',
    token: 't',
  });
  expect(
    readOptions(['--dialect', 'x', '--hookset', 'y', '--server', 'http://b'], env),
  ).toMatchObject({ server: 'http://b' });
});

test('--local takes several files, also from a glob', () => {
  expect(read('--dialect', 'x', '--local', 'a', 'b', '--local', 'c')).toMatchObject({
    local: ['a', 'c', 'b'],
  });
  expect(read('--dialect', 'x', '--local', 'a', '--project', 'p')).toMatchObject({ project: 'p' });
  const local = read('--dialect', 'x', '--local', 'a', '--workspace', '/b', '--workspace', '/c');
  expect(local).toMatchObject({ workspaces: ['/b', '/c'], cwd: undefined });
  expect(read('--dialect', 'x', '--hookset', 'a', '--cwd', '/b/../c')).toMatchObject({ cwd: '/c' });
});

test('the usage names every dialect, and no other', () => {
  const [, names = ''] = /whose words:\s+([^.]*)\./.exec(usage) ?? [];
  expect(names.split(/[\s,]+/).toSorted()).toEqual([...dialectNames].toSorted());
});

test('--help is asked for', () => {
  expect(read('--help')).toBe('help');
});

describe('refused is', () => {
  test.each([
    [
      'a project without --local',
      ['--dialect', 'x', '--hooks', 'a', '--project', 'b'],
      /hookpool bundle puts files/,
    ],
    [
      'a workspace without --local',
      ['--dialect', 'x', '--hookset', 'a', '--workspace', '/b'],
      /give it to hookpool serve or its workers/,
    ],
    ['no dialect', ['--hookset', 'a'], /--dialect is missing/],
    ['no hooks', ['--dialect', 'x'], /Which hooks/],
    ['two sources of hooks', ['--dialect', 'x', '--hookset', 'a', '--hooks', 'b'], /Which hooks/],
    [
      'an agent of a stored set',
      ['--dialect', 'x', '--hookset', 'a', '--agent', 'b'],
      /--agent is for a FILE/,
    ],
    [
      'a server for --local',
      ['--dialect', 'x', '--local', 'a', '--server', 'http://b'],
      /no meaning/,
    ],
    ['a thread for --local', ['--dialect', 'x', '--local', 'a', '--thread', 'b'], /no meaning/],
    ['an argument', ['--dialect', 'x', '--hookset', 'a', 'b'], /Unexpected argument "b"/],
    [
      'a deadline of 0',
      ['--dialect', 'x', '--hookset', 'a', '--deadline', '0'],
      /--deadline is "0"/,
    ],
    [
      'a fail mode of its own',
      ['--dialect', 'x', '--hookset', 'a', '--fail-mode', 'open'],
      /one of allow, block/,
    ],
    [
      'a token on the command line',
      ['--dialect', 'x', '--hookset', 'a', '--token', 't'],
      /Unknown option '--token'/,
    ],
  ])('%s', (_, argv, message) => {
    expect(() => read(...argv)).toThrow(message);
  });
});
