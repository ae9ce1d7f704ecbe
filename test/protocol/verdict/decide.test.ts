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
