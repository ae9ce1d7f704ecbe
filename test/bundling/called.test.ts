import { expect, it } from 'vitest';
import { calledBy, pythonStarts, shellStarts } from '../../src/bundling/called.ts';
import { readShell } from '../../src/protocol/shell-text.ts';

it.each([
  'bash b.sh',
  'X=1 bash b.sh',
  'env -u FOO bash b.sh',
  'env -i - X=1 bash b.sh',
  'env --unset FOO -C /tmp bash b.sh',
  'env -S "bash b.sh"',
  'env -vS "bash" b.sh',
  'env -S"bash b.sh"',
  'env --split-string="bash b.sh"',
  'env -S "env -S bash" b.sh',
  'timeout 5 bash b.sh',
  'timeout "$T" bash b.sh',
  'timeout -s KILL 5 bash b.sh',
  'timeout --signal KILL -k 1 5s bash b.sh',
  'timeout --signal=KILL -k1 5s bash b.sh',
  'exec -a guard bash b.sh',
  'xargs -I X bash b.sh',
  'xargs -0 -n1 --max-procs 2 bash b.sh',
  'nice -n 5 ionice -c 2 -n 0 bash b.sh',
  'nice -5 stdbuf -o L -eL setsid -w bash b.sh',
  '/usr/bin/env bash b.sh',
  'command -- bash b.sh',
  'time -p /bin/bash b.sh',
])('%s starts bash with b.sh', (command) => {
  const [{ words } = { words: [] }] = readShell(command).commands;
  expect(calledBy(words)).toMatchObject({ program: 'bash', given: ['b.sh'] });
});

it.each(['timeout 5', 'env -S', 'X=1', 'env -u FOO', 'timeout -s KILL'])(
  '%s starts nothing',
  (command) => {
    const [{ words } = { words: [] }] = readShell(command).commands;
    expect(calledBy(words)).toMatchObject({ program: '', given: [] });
  },
);

it('at most 8 texts of env -S are split', () => {
  const words = 'env -S '.repeat(9).split(' ').slice(0, -1);
  expect(calledBy([...words, 'bash']).program).toBe('');
});

it.each([
  ['-o pipefail b.sh', { file: 'b.sh' }],
  ['+o posix b.sh', { file: 'b.sh' }],
  ['-euo pipefail b.sh -c x', { file: 'b.sh' }],
  ['--rcfile x --norc b.sh', { file: 'b.sh' }],
  ['-- b.sh', { file: 'b.sh' }],
  ['-eo pipefail -c text', { text: 'text' }],
  ['-c -e text', { text: 'text' }],
  ['-c', { text: '' }],
  ['-s word', {}],
  ['-e', {}],
])('bash %s starts %j', (given, started) => {
  expect(shellStarts(given.split(' '))).toEqual(started);
});

it.each([
  ['-W ignore -X dev x.py', { file: 'x.py' }],
  ['-u -m pkg', { module: 'pkg' }],
  ['-Ic pass x.py', {}],
  ['-c pass', {}],
  ['-', {}],
  ['-m json.tool', {}],
])('python3 %s starts %j', (given, started) => {
  expect(pythonStarts(given.split(' '))).toEqual(started);
});
