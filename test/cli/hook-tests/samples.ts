/**
 * Results as reports get them: one of each outcome, with texts that try to break out of every
 * format.
 */
import type { CaseResult, Report } from '../../../src/cli/hook-tests/result.ts';
import type { Decision, HookResult } from '../../../src/protocol/decision.ts';

const hostile = `a "b" 'c' <d> & ]]> # not a comment \\ \u0000\u001b[31mred\u001b[0m \uD800 \uFFFF`;

const hookResult: HookResult = {
  hook: 'guard',
  tier: 'agent',
  event: 'PreToolUse',
  decision: 'block',
  cause: { kind: 'fail-mode', code: 'HOOK_EXIT_CODE', message: 'The script exited with 1.' },
  diagnostics: [],
  facts: {
    status: 'exited',
    exitCode: 1,
    signal: null,
    stdoutHead: '',
    stderrHead: `Traceback:\n  ${hostile}\n...\n`,
    stdoutTruncated: false,
    stderrTruncated: false,
    oomKills: 0,
  },
  durations: { queueMs: 0, leaseMs: 0, runMs: 3, totalMs: 4 },
};

export function sampleDecision(results: readonly HookResult[] = [hookResult]): Decision {
  return {
    v: 1,
    event: 'PreToolUse',
    dialect: 'azure',
    decision: 'block',
    diagnostics: [],
    results,
    skipped: [],
    durationMs: 5,
  };
}

export function sampleResult(part: Partial<CaseResult> = {}): CaseResult {
  const base = {
    file: 'a.hooktest.yaml',
    line: 3,
    name: 'one',
    outcome: 'passed',
    mismatches: [],
    durationMs: 4.25,
  } as const;
  return { ...base, decision: sampleDecision(), ...part };
}

const mismatches = [{ field: 'reason', expected: 'rm', actual: hostile }];

export const mixedReport: Report = {
  results: [
    sampleResult(),
    sampleResult({ name: hostile, line: 7, outcome: 'failed', mismatches, durationMs: 12 }),
    sampleResult({
      file: 'b.hooktest.yaml',
      line: 4,
      outcome: 'error',
      message: 'guard could not be run: gone (SANDBOX_LOST)',
    }),
    sampleResult({
      file: 'b.hooktest.yaml',
      line: 9,
      name: 'last',
      outcome: 'skipped',
      durationMs: 0,
      decision: undefined,
    }),
  ],
  unreached: [{ file: 'b.yaml', line: 12, event: 'Stop', hook: 'Stop[0]' }],
  durationMs: 1234,
};

export const goodReport: Report = { results: [sampleResult()], unreached: [], durationMs: 10 };
