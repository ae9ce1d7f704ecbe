/** Exit codes other than 0, and what is printed beside them. */
import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import type { HookResult } from '../../../src/protocol/decision.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import type { RunResult } from '../../../src/protocol/run.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { codesOf, exited, sampleHook } from '../samples.ts';

function decided(run: RunResult, over: Partial<Hook> = {}): HookResult {
  return decide(azure, sampleHook(over), run);
}

function codes(result: HookResult): string[] {
  return codesOf(result.diagnostics);
}

it('a dialect may prefer the reason in the JSON', () => {
  const claudeLike = { ...azure, blockReasonFrom: ['output', 'stderr'] as const };
  expect(decide(claudeLike, sampleHook(), exited(2, '{"reason":"json"}', 'stderr')).reason).toBe(
    'json',
  );
  expect(decide(claudeLike, sampleHook(), exited(2, '', 'stderr')).reason).toBe('stderr');
});

it('context printed beside exit 2 is kept', () => {
  expect(decided(exited(2, '{"additionalContext":"c"}', 'r'))).toMatchObject({
    decision: 'block',
    additionalContext: 'c',
  });
});

it.each([
  [32_768, 32_768],
  [32_769, 32_768],
  [65_536, 32_768],
])('of a reason of %i characters on stderr %i are kept', (length, kept) => {
  expect(decided(exited(2, '', 'x'.repeat(length))).reason).toHaveLength(kept);
});

it.each([
  'bash: line 3: syntax error near unexpected token',
  "python3: can't open file '/x.py': [Errno 2] No such file or directory",
  'usage: hook.py [-h]',
  'grep: /missing: No such file or directory',
])('exit 2 with %j still blocks, and is suspected', (stderr) => {
  const result = decided(exited(2, '', stderr));
  expect(result.decision).toBe('block');
  expect(codes(result)).toContain('exit-2-from-last-command');
});

it('exit 2 with an ordinary reason is not suspected', () => {
  expect(codes(decided(exited(2, '', 'rm -rf is not allowed here')))).toEqual([]);
});

it('a command that is missing is reported though the script went on', () => {
  const result = decided(exited(0, '', 'hello\nhook: line 2: jq: command not found\n'));
  expect(result.decision).toBe('none');
  expect(codes(result)).toEqual(['command-not-found']);
});

it.each([
  ['exit 2 and a reason', exited(2, '', 'not done'), 'block', []],
  ['exit 2 and a reason in the JSON', exited(2, '{"reason":"not done"}'), 'block', []],
  ['exit 2 without a word', exited(2), 'allow', ['rejected-without-reason']],
  ['exit 2 with blanks', exited(2, '{"reason":" "}', ' \n'), 'allow', ['rejected-without-reason']],
  ['a block with a reason', exited(0, '{"ok":false,"reason":"not done"}'), 'block', []],
  ['a block without a reason', exited(0, '{"ok":false}'), 'allow', ['rejected-without-reason']],
  [
    'a block with a blank reason',
    exited(0, '{"decision":"block","reason":""}'),
    'allow',
    ['rejected-without-reason'],
  ],
] as const)('Stop: %s (case %#) is %s', (_, run, decision, diagnostics) => {
  for (const failMode of ['allow', 'block'] as const) {
    const result = decided(run, { event: 'Stop', failMode });
    expect(result.decision).toBe(decision);
    expect(codes(result)).toEqual(diagnostics);
  }
});

it.each([
  ['exit 2', exited(2, '', 'r')],
  ['exit 2 without a word', exited(2)],
  ['a block', exited(0, '{"decision":"block","reason":"r"}')],
  ['failMode block', exited(1)],
])('Start cannot be blocked by %s', (_, run) => {
  const result = decided(run, { event: 'Start', failMode: 'block' });
  expect(result.decision).toBe('none');
  expect(result).not.toHaveProperty('reason');
  expect(codes(result)).toContain('cannot-block');
});

it('a block stands though its text is no UTF-8', () => {
  const stdout = Buffer.from('{"decision":"block","reason":"\xe9"}', 'latin1');
  expect(decided(exited(0, stdout))).toMatchObject({
    decision: 'block',
    cause: { kind: 'output' },
  });
});

it('output beside another exit code is ignored, and that is said', () => {
  expect(codes(decided(exited(1, '{"decision":"block","reason":"r"}')))).toEqual([
    'output-ignored',
  ]);
  expect(codes(decided(exited(1)))).toEqual([]);
});

it('what the script said on stderr is in the message of a bad exit', () => {
  expect(decided(exited(1, '', 'KeyError: tool_name\n')).cause).toHaveProperty(
    'message',
    expect.stringContaining('KeyError'),
  );
});

it('of a long stderr the message quotes the last 500 bytes', () => {
  const { cause } = decided(exited(1, '', `first ${'x'.repeat(60_000)}${'y'.repeat(492)} last\n`));
  expect(cause).toHaveProperty('message', expect.stringMatching(/stderr: x{2}y{492} last$/));
});
