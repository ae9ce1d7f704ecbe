/** Compares a decision with the `expect` of a case. Every key is looked at; an unknown one is a failure. */
import type { Decision, HookResult } from '../../src/protocol/decision.ts';
import type { Case } from './case.ts';

export interface Judged {
  readonly decision: Decision;
  readonly seconds: number;
}

type Check = (expected: unknown, judged: Judged, one: Case) => unknown;

const permissions: Readonly<Record<string, string>> = { block: 'deny', allow: 'allow', ask: 'ask', none: 'none' };

const checks: Readonly<Record<string, Check>> = {
  blocked: (_, { decision }) => decision.decision === 'block',
  permission: (_, { decision }) => permissions[decision.decision],
  reason: (_, { decision }) => decision.reason ?? null,
  reasonContains: (expected, { decision }) => contains(decision.reason, expected),
  reasons: (_, { decision }) => decision.results.flatMap((result) => (result.decision === 'block' ? (result.reason ?? []) : [])),
  defaultReason: (_, { decision }) => decision.reason?.includes('Blocked by hook') === true,
  feedback: (_, { decision }) => decision.reason ?? decision.additionalContext ?? null,
  additionalContext: (_, { decision }) => decision.additionalContext ?? null,
  additionalContexts: (_, { decision }) => decision.results.flatMap((result) => result.additionalContext ?? []),
  updatedInput: (_, { decision }) => decision.updatedInput ?? null,
  systemMessage: (_, { decision }) => decision.systemMessage ?? null,
  stop: (_, { decision }) => decision.continue === false,
  stopReason: (_, { decision }) => decision.stopReason ?? null,
  error: (_, { decision }) => decision.results.some(isError),
  timedOut: (_, { decision }) => decision.results.some((result) => result.facts?.status === 'timed-out'),
  ran: (_, { decision }) => decision.results.map((result) => Number(result.hook.replace('hook-', ''))),
  warning: (_, { decision }) => decision.diagnostics.length > 0,
  diagnostic: (expected, { decision }) =>
    decision.diagnostics.some(({ code }) => code === expected) ? expected : decision.diagnostics.map(({ code }) => code),
  stderrContains: (expected, { decision }) =>
    contains(decision.results.map((result) => result.facts?.stderrHead).join(''), expected),
  stdoutContains: (expected, { decision }) =>
    contains(decision.results.map((result) => result.facts?.stdoutHead).join(''), expected),
  stdoutJson: (expected, { decision }) => subset(expected, decision.results[0]?.facts?.stdoutHead),
  exitCode: (_, { decision }) => decision.results[0]?.facts?.exitCode ?? null,
  maxSeconds: (expected, { seconds }) => (seconds <= Number(expected) ? expected : seconds),
  errorContains: (expected, { decision }) =>
    contains(decision.results.map(({ cause }) => (cause.kind === 'fail-mode' ? cause.message : '')).join('\n'), expected),
};

/** Where upstream has a defect, `wanted` and `reasonWanted` say what its users expect instead. */
const overrides: Readonly<Record<string, string>> = { wanted: 'blocked', reasonWanted: 'reason' };
const notes = new Set(['open', 'note']);

/** One line for each expectation that does not hold. */
export function differences(one: Case, judged: Judged): string[] {
  const expected: Record<string, unknown> = { ...one.expect };
  for (const [from, to] of Object.entries(overrides)) {
    if (!(from in expected)) continue;
    const value = expected[from];
    if (typeof value === 'object' && value !== null) Object.assign(expected, value);
    else expected[to] = value === 'block' || value === 'deny' ? true : value;
    delete expected[from];
  }
  return Object.entries(expected).flatMap(([key, value]) => {
    if (notes.has(key)) return [];
    const check = checks[key];
    if (check === undefined) return [`${key}: this harness does not know how to check it`];
    const actual = check(value, judged, one);
    const same = JSON.stringify(actual) === JSON.stringify(value) || (key === 'warning' && value === true && actual === true);
    return same ? [] : [`${key}: expected ${JSON.stringify(value)}, actual ${JSON.stringify(actual)}`];
  });
}

/** `expected` when the printed JSON has all of its values, else what was printed. */
function subset(expected: unknown, printed: string | undefined): unknown {
  const actual = JSON.parse(printed ?? 'null') as Record<string, unknown> | null;
  const all = Object.entries(expected as object).every(([key, value]) => JSON.stringify(actual?.[key]) === JSON.stringify(value));
  return all ? expected : actual;
}

function isError(result: HookResult): boolean {
  return result.cause.kind === 'fail-mode';
}

function contains(text: string | undefined, expected: unknown): unknown {
  return text?.includes(String(expected)) === true ? expected : (text ?? null);
}
