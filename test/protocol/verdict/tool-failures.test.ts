import { expect, it } from 'vitest';
import { importFailure, toolFailures } from '../../../src/protocol/verdict/tool-failures.ts';
import { bytes } from '../samples.ts';

function found(stderr: string): string[] {
  return toolFailures(bytes(stderr)).map(({ code, isCertain }) => `${code}${isCertain ? '' : '?'}`);
}

it.each([
  ['bash', 'hook: line 3: git: command not found', ['command-not-found']],
  ['dash', 'hook: 12: git: not found', ['command-not-found']],
  ['env', '/usr/bin/env: ‘node’: No such file or directory', ['command-not-found']],
  ['env of busybox', "env: 'node': No such file or directory", ['command-not-found']],
  ['a text that only ends so', 'x: command not found', ['command-not-found?']],
  [
    'python that starts a program',
    "FileNotFoundError: [Errno 2] No such file or directory: 'git'",
    ['command-not-found?'],
  ],
  ['python', "ModuleNotFoundError: No module named 'yaml'", ['module-not-found']],
  ['python -m', '/usr/bin/python3: No module named core.engine', ['module-not-found']],
  ['jq 1.6', 'parse error: Exceeds depth limit for parsing at line 1, column 268', ['jq-error']],
  ['jq 1.7', 'jq: parse error: Invalid numeric literal at EOF', ['jq-error']],
  ['jq at a type', 'jq: error (at <stdin>:1): Cannot index string with "command"', ['jq-error']],
  ['jq at its own program', 'jq: 1 compile error', ['jq-error']],
  ['jq at an absent list', 'jq: error (at <stdin>:1): Cannot iterate over null', ['jq-error?']],
  ['jq at an absent file', 'jq: error: Could not open a.json: No such file', ['jq-error?']],
  ['jq behind head', 'jq: error: writing output failed: Broken pipe', ['jq-error?']],
  ['a file', 'cat: /project/rules: No such file or directory', ['file-not-found?']],
  ['a file of python', "FileNotFoundError: [Errno 2] … '/project/x'", ['file-not-found?']],
  ['a read-only folder', 'touch: /project/x: Read-only file system', ['read-only?']],
  [
    'a read-only folder in node',
    "Error: EROFS: read-only file system, open '/src/x'",
    ['read-only?'],
  ],
  ['a read-only folder in python', "OSError: [Errno 30] … '/project/x'", ['read-only?']],
  ['a closed file', 'bash: /project/x.sh: Permission denied', ['permission-denied?']],
  ['a closed file in python', "PermissionError: [Errno 13] … '/project/x'", ['permission-denied?']],
  ['a file of /tmp', 'cat: /tmp/count: No such file or directory', []],
  ['a device', 'bash: line 1: /dev/tty: No such device or address', []],
  ['a log line', 'checking 3 commands', []],
  ['a word of jq', 'the parse error: none at all', []],
  ['nothing', '', []],
])('%s: finds what failed', (_, stderr, expected) => {
  expect(found(stderr)).toEqual(expected);
});

const traceback = (...last: string[]) =>
  ['Traceback (most recent call last):', '  File "<string>", line 1, in <module>', ...last].join(
    '\n',
  );

it.each([
  ['of the input', [traceback("KeyError: 'cmd'")], ['python-error']],
  ['of JSON', [traceback('json.decoder.JSONDecodeError: Expecting value: …')], ['python-error']],
  ['of a class of the script', [traceback('guard.Stopped')], ['python-error']],
  ['of memory', [traceback('MemoryError')], ['python-error']],
  ['of /tmp', [traceback("FileNotFoundError: [Errno 2] … '/tmp/x'")], ['python-error']],
  [
    'of a program',
    [traceback("FileNotFoundError: [Errno 2] No such file or directory: 'git'")],
    ['command-not-found'],
  ],
  ['of a group', ['  + Exception Group Traceback (most recent call last):', 'x'], ['python-error']],
  ['without its end', [traceback()], ['python-error']],
  [
    'at the end of Python',
    ['Exception ignored in: <f>', traceback('OSError: x')],
    ['python-error?'],
  ],
  ['behind head', [traceback('BrokenPipeError: [Errno 32] Broken pipe')], ['python-error?']],
])('a traceback %s is a failure', (_, lines, expected) => {
  expect(found(lines.join('\n'))).toEqual(expected);
});

it('the message of a traceback is its error, and lines of source in it are none', () => {
  const text = traceback('    raise Error("x: command not found")', 'ValueError: bad rules');
  expect(toolFailures(bytes(text)).map(({ message }) => message)).toEqual([
    'ValueError: bad rules',
  ]);
});

it('finds each kind once, the certain line before the others', () => {
  const lines = [
    'x: command not found',
    'hook: line 2: git: command not found',
    'hook: line 3: gh: command not found',
    'cat: /project/x: No such file or directory',
  ];
  expect(toolFailures(bytes(lines.join('\n'))).map(({ message }) => message)).toEqual([
    'hook: line 2: git: command not found',
    'cat: /project/x: No such file or directory',
  ]);
});

it('a message has at most 201 characters', () => {
  const long = `hook: line 1: ${'x'.repeat(300)}: command not found`;
  expect(toolFailures(bytes(long))[0]?.message).toHaveLength(201);
});

it('reads 64 KiB of stderr and no more', () => {
  const filler = 'log line\n'.repeat(8 << 10);
  expect(found(`${filler}hook: line 1: git: command not found`)).toEqual([]);
});

it('a failed import is found in a text for the user', () => {
  expect(importFailure("Import error: No module named 'core'")).toEqual([
    {
      code: 'module-not-found',
      message: "Import error: No module named 'core'",
      isCertain: true,
    },
  ]);
  expect(importFailure('All good.')).toEqual([]);
  expect(importFailure(undefined)).toEqual([]);
});
