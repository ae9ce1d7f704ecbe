import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { type HookResult, runFacts } from '../../../src/protocol/decision.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import type { RunResult } from '../../../src/protocol/run.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { bytes, codesOf, exited, sampleHook } from '../samples.ts';

const events = ['Start', 'PreToolUse', 'PostToolUse', 'Stop'] as const;

function decided(run: RunResult, over: Partial<Hook> = {}): HookResult {
  return decide(azure, sampleHook(over), run);
}

function printed(output: unknown, over: Partial<Hook> = {}): HookResult {
  return decided(exited(0, typeof output === 'string' ? output : JSON.stringify(output)), over);
}

function codes(result: HookResult): string[] {
  return codesOf(result.diagnostics);
}

it.each(events)('exit 0 without output at %s is no objection, whatever the failMode', (event) => {
  for (const failMode of ['allow', 'block'] as const) {
    expect(decided(exited(0), { event, failMode })).toMatchObject({
      decision: 'none',
      cause: { kind: 'exit-code', exitCode: 0 },
      diagnostics: [],
    });
  }
});

it('blanks on stdout and logs on stderr at exit 0 are no objection', () => {
  expect(decided(exited(0, '\n \r\n', 'checking...\n')).decision).toBe('none');
});

it.each([
  [{}, 'none'],
  [{ ok: true }, 'none'],
  [{ ok: false, reason: 'r' }, 'block'],
  [{ decision: 'allow' }, 'allow'],
  [{ decision: 'block', reason: 'r' }, 'block'],
  [{ decision: 'deny', reason: 'r' }, 'block'],
  [{ hookSpecificOutput: { permissionDecision: 'ask' } }, 'ask'],
  [{ hookSpecificOutput: { additionalContext: 'c' } }, 'none'],
])('exit 0 with %j before a tool decides %s', (output, decision) => {
  for (const failMode of ['allow', 'block'] as const) {
    expect(printed(output, { failMode })).toMatchObject({ decision, cause: { kind: 'output' } });
  }
});

it('a block carries the reason that was printed, or one that names the hook', () => {
  expect(printed({ ok: false, reason: 'no rm' }).reason).toBe('no rm');
  expect(printed({ ok: false }).reason).toContain('guard');
  expect(printed({ decision: 'block', reason: ' ' }, { event: 'PostToolUse' }).reason).toContain(
    'guard',
  );
});

it('what is said beside the decision is handed on, also beside a block', () => {
  const said = {
    additionalContext: 'c',
    systemMessage: 'm',
    updatedInput: { command: 'ls' },
    continue: false,
    stopReason: 's',
    reason: 'r',
  };
  expect(printed(said)).toMatchObject({ decision: 'block', ...said });
  expect(
    printed({ decision: 'allow', reason: 'fine', hookSpecificOutput: { additionalContext: 'c' } }),
  ).toMatchObject({
    decision: 'allow',
    reason: 'fine',
    additionalContext: 'c',
  });
});

it('what was not said is absent', () => {
  const result = printed({ ok: true });
  for (const key of [
    'reason',
    'additionalContext',
    'systemMessage',
    'updatedInput',
    'continue',
    'stopReason',
    'overridesPolicy',
  ]) {
    expect(result).not.toHaveProperty(key);
  }
});

it.each([
  ['PreToolUse', 'ask', []],
  ['PostToolUse', 'block', ['cannot-ask']],
  ['Stop', 'block', ['cannot-ask']],
  ['Start', 'none', []],
] as const)('ask at %s is %s', (event, decision, diagnostics) => {
  const result = printed(
    { hookSpecificOutput: { permissionDecision: 'ask', permissionReason: 'sure?' } },
    { event },
  );
  expect(result.decision).toBe(decision);
  expect(codes(result)).toEqual(diagnostics);
});

it.each([
  ['PreToolUse', 'agent', true],
  ['PreToolUse', 'global', true],
  ['PreToolUse', 'system', false],
  ['PostToolUse', 'agent', false],
  ['Stop', 'global', false],
  ['Start', 'agent', false],
] as const)(
  'permissionDecision allow at %s from the %s tier overrides the policy: %s',
  (event, tier, expected) => {
    const result = printed(
      { ok: true, hookSpecificOutput: { permissionDecision: 'allow' } },
      { event, tier },
    );
    expect(result.decision).toBe('allow');
    expect(result.overridesPolicy).toBe(expected ? true : undefined);
  },
);

it.each([
  [{ decision: 'allow' }],
  [{ ok: true }],
  [{ permissionDecision: 'allow' }],
  [{ ok: false, reason: 'r', hookSpecificOutput: { permissionDecision: 'allow' } }],
  [{ decision: 'ask', hookSpecificOutput: { permissionDecision: 'allow' } }],
])('%j overrides no policy', (output) => {
  expect(printed(output)).not.toHaveProperty('overridesPolicy');
});

it.each([
  [exited(2, '', 'from stderr\n'), 'from stderr'],
  [exited(2, '{"reason":"from json"}', 'from stderr'), 'from stderr'],
  [exited(2, '{"reason":"from json"}', ' \n'), 'from json'],
  [exited(2, '{"decision":"allow","reason":"from json"}'), 'from json'],
  [exited(2), /guard/],
  [exited(2, 'not json'), /guard/],
  [exited(2, '{"decision":"blok","reason":"x"}'), /guard/],
  [{ ...exited(2, '{"reason":"cut"}'), stdoutTotalBytes: 99 }, /guard/],
  [{ ...exited(2, '', 'kept'), stderrTotalBytes: 1 << 20 }, 'kept'],
] as const)('exit 2 blocks a tool, and the reason is found (case %#)', (run, reason) => {
  for (const event of ['PreToolUse', 'PostToolUse'] as const) {
    for (const failMode of ['allow', 'block'] as const) {
      const result = decided(run, { event, failMode });
      expect(result).toMatchObject({
        decision: 'block',
        cause: { kind: 'exit-code', exitCode: 2 },
      });
      if (typeof reason === 'string') expect(result.reason).toBe(reason);
      else expect(result.reason).toMatch(reason);
    }
  }
});

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

it('malformed output is explained in a diagnostic', () => {
  expect(codes(decided(exited(0, 'log\n{"decision":"allow"}')))).toEqual(['stdout-not-pure-json']);
});

it('the result says whose it is and what happened', () => {
  const durations = { queueMs: 0, leaseMs: 1, runMs: 2, totalMs: 3 };
  const hook = sampleHook({ name: 'audit', tier: 'global', event: 'PostToolUse' });
  const run = { ...exited(0, '{"ok":true}', 'log'), oomKills: 0 };
  expect(decide(azure, hook, run, durations)).toMatchObject({
    hook: 'audit',
    tier: 'global',
    event: 'PostToolUse',
    durations,
    facts: {
      status: 'exited',
      exitCode: 0,
      signal: null,
      stdoutHead: '{"ok":true}',
      stderrHead: 'log',
      stdoutTruncated: false,
      stderrTruncated: false,
      oomKills: 0,
    },
  });
  expect(decide(azure, hook, run).durations).toEqual({
    queueMs: 0,
    leaseMs: 0,
    runMs: 0,
    totalMs: 0,
  });
});

it.each([
  [4_096, 4_096, false],
  [4_097, 4_097, true],
  [10, 11, true],
])(
  'of %i bytes kept and %i written the facts show at most 4096 and are truncated: %s',
  (kept, written, truncated) => {
    const text = bytes('x'.repeat(kept));
    const { facts } = decided({
      ...exited(1, text, text),
      stdoutTotalBytes: written,
      stderrTotalBytes: written,
    });
    expect(facts).toMatchObject({ stdoutTruncated: truncated, stderrTruncated: truncated });
    expect(runFacts(facts)?.stdoutHead).toHaveLength(Math.min(kept, 4_096));
    expect(runFacts(facts)?.stderrHead).toHaveLength(Math.min(kept, 4_096));
  },
);

it('an event that the dialect does not have is refused', () => {
  expect(() => decided(exited(0), { event: 'BeforeTool' })).toThrow(
    expect.objectContaining({ code: 'INVALID_EVENT' }),
  );
});
