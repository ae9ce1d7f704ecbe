import { expect, it } from 'vitest';
import { failureIn } from '../../../src/protocol/verdict/failure-lines.ts';

function kindOf(line: string): string | undefined {
  const failure = failureIn(line);
  return failure && `${failure.kind}${failure.isCertain ? '' : '?'}`;
}

it.each([
  'timeout: failed to run command ‘git’: No such file or directory',
  "nohup: failed to run command 'git': Permission denied",
  "timeout: can't execute 'git': No such file or directory",
  'xargs: git: No such file or directory',
  "env: 'git': No such file or directory",
  'nice: ‘git’: No such file or directory',
  'bash: /project/x: No such file or directory',
  'dash: 0: cannot open /project/x: No such file',
])('what does not start is a command that was not found: %s', (line) => {
  expect(kindOf(line)).toBe('command-not-found');
});

it.each([
  "python3: can't open file '/tmp/x.py': [Errno 2] No such file or directory",
  "/usr/bin/python3.12: can't open file '/project/x': [Errno 2] No such file or directory",
  "/usr/bin/python3: can't find '__main__' module in '/project'",
  'SyntaxError: invalid syntax',
  'IndentationError: unexpected indent',
  'MemoryError',
  'Fatal Python error: init_fs_encoding: failed',
])('Python has not run the code: %s', (line) => {
  expect(kindOf(line)).toBe('python-error');
});

it.each([
  'jq: Unknown option --nope',
  'jq: invalid JSON text passed to --argjson',
  'jq: Bad JSON in --slurpfile a rules.json: Could not open rules.json: No such file or directory',
  'jq: Could not open /project/guard.jq: No such file or directory',
  'jq: --rawfile takes two parameters (e.g. --rawfile varname filename)',
])('jq has not started: %s', (line) => {
  expect(kindOf(line)).toBe('jq-error');
});

it.each([
  "hook: line 1: [: missing `]'",
  'hook: line 1: [: a: integer expression expected',
  'hook: line 1: [: a: integer expected',
  'hook: line 1: [: ==: unary operator expected',
  'hook: line 1: [: too many arguments',
  'hook: 1: [: Illegal number: a',
  'hook: 1: [: -eq: unexpected operator',
  'hook: line 1: [[: 08: value too great for base (error token is "08")',
  'hook: line 1: limit: unbound variable',
  'hook: 1: limit: parameter not set',
  'hook: line 1: ((: 1 + : syntax error: operand expected (error token is "+ ")',
  "bash: -c: line 1: syntax error near unexpected token `then'",
  'bash: let: x=1+: syntax error: operand expected (error token is "+")',
  'hook: 1: Syntax error: "then" unexpected',
  'hook: line 3: /usr/bin/jq: Argument list too long',
  'hook: line 3: 29069 Segmentation fault      jq .',
  'hook: line 3: 29069 Killed                  python3 check.py',
  'Segmentation fault (core dumped)',
])('the shell has not done a step: %s', (line) => {
  expect(kindOf(line)).toBe('shell-error');
});

it.each([
  'grep: Unmatched ( or \\(',
  'grep: Unmatched [, [^, [:, [., or [=',
  'grep: Invalid regular expression',
  'grep: missing closing parenthesis',
  "grep: exceeded PCRE's backtracking limit",
  "grep: unrecognized option '--nope'",
  "grep: bad regex '(': Unmatched ( or \\(",
  "sed: -e expression #1, char 3: unterminated `s' command",
  'sed: file rules.sed line 1: unknown command',
  'awk: cmd. line:1: syntax error',
  'awk: cmd. line:1: (FILENAME=- FNR=1) fatal: division by zero attempted',
  'mawk: line 2: missing } near end of file',
  'base64: invalid input',
])('a program refuses what it was given: %s', (line) => {
  expect(kindOf(line)).toBe('program-error');
});

it.each([
  ['grep: /project/rules: No such file or directory', 'file-not-found?'],
  ['hook: line 3: /project/rules: No such file or directory', 'file-not-found?'],
  ['jq: error: Could not open file rules.json: No such file or directory', 'jq-error?'],
  ["awk: cmd. line:1: fatal: cannot open file `x' for reading: No such file", 'file-not-found?'],
  ["[Errno 2] No such file or directory: 'git'", 'command-not-found?'],
  ["date: invalid option -- 'v'", 'program-error?'],
  ["ValueError: 'x' is no command", 'python-error?'],
  ['json.decoder.JSONDecodeError: Expecting value: line 1 column 1', 'python-error?'],
])('a script may expect the failure: %s', (line, expected) => {
  expect(kindOf(line)).toBe(expected);
});

it.each([
  "awk: cmd. line:1: warning: escape sequence `\\.' treated as plain `.'",
  'grep: warning: stray \\ before -',
  'grep: /project/src: Is a directory',
  'the value of limit is an unbound variable',
  'checked: no Segmentation fault in the log',
  '12:30: 3: all is well',
])('a line without a failure is none: %s', (line) => {
  expect(kindOf(line)).toBeUndefined();
});
