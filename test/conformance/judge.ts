/**
 * Compares a decision with the `expect` of a case. Every key is looked at; an unknown one is a
 * failure.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Decision, type HookResult, runFacts } from '../../src/protocol/decision.ts';
import { type Dialect, failModes } from '../../src/protocol/dialect.ts';
import { eventRules } from '../../src/protocol/dialect-lookup.ts';
import { valueAt } from '../../src/protocol/json.ts';
import type { Case } from './case.ts';
import { contains, isError, outcomeOf, progressIn, saidIn, subset } from './read-decision.ts';

export interface Judged {
  readonly decision: Decision;
  readonly dialect: Dialect;
  /** Indices of the hooks that were started. */
  readonly ran: readonly number[];
  readonly seconds: number;
}

type Check = (expected: unknown, judged: Judged, one: Case) => unknown;

const permissions: Readonly<Record<string, string>> = {
  block: 'deny',
  allow: 'allow',
  ask: 'ask',
  none: 'none',
};

const checks: Readonly<Record<string, Check>> = {
  blocked: (_, { decision }) => decision.decision === 'block',
  // To defer is to ask somebody else.
  permission: (expected, { decision }) =>
    expected === 'defer' && decision.decision === 'ask' ? 'defer' : permissions[decision.decision],
  // Where upstream shows an empty message or none, hookpool names the hook.
  reason: (expected, judged) =>
    (expected === '' || expected === null) && isDefaultReason(judged)
      ? expected
      : (judged.decision.reason ?? null),
  reasonContains: (expected, { decision }) => contains(decision.reason, expected),
  reasons: (_, { decision }) =>
    decision.results.flatMap((result) =>
      result.decision === 'block' ? (result.reason ?? []) : [],
    ),
  defaultReason: (_, judged) => isDefaultReason(judged),
  feedback: (expected, { decision }) =>
    saidIn(decision).find((text) => text === expected) ?? decision.reason ?? null,
  additionalContext: (_, { decision }) => decision.additionalContext ?? null,
  additionalContexts: (_, { decision }) =>
    decision.results.flatMap((result) => result.additionalContext ?? []),
  additionalContextContainsAll: (expected, { decision }) =>
    (expected as string[]).filter((text) => decision.additionalContext?.includes(text)),
  additionalContextMaxLen: (expected, { decision }) =>
    atMost(expected, decision.additionalContext?.length ?? 0),
  truncated: (_, { decision }) => decision.diagnostics.some(({ code }) => code === 'context-cut'),
  updatedInput: (expected, { decision, dialect }) =>
    isRaceWon(expected, decision, dialect) ? expected : (decision.updatedInput ?? null),
  effectiveInput: (_, { decision, dialect }, one) =>
    decision.effectiveInput ?? inputOf(dialect, one),
  summary: (_, { decision }) => decision.extra?.['summary'] ?? null,
  ...Object.fromEntries(
    ['llmRequest', 'toolConfig', 'updatedMessages', 'updatedToolResponse', 'metadata'].map(
      (name): [string, Check] => [name, (_, { decision }) => decision.extra?.[name] ?? null],
    ),
  ),
  systemMessage: (expected, { decision: { systemMessage } }) =>
    expected === true ? systemMessage !== undefined : (systemMessage ?? null),
  systemMessageContains: (expected, { decision }) => contains(decision.systemMessage, expected),
  stop: (_, { decision }) => decision.continue === false,
  stopReason: (_, { decision }) => decision.stopReason ?? null,
  // What is only told to the user is an error to those who show it as one.
  error: (expected, judged) =>
    judged.decision.results.some(
      (result) => isError(result) || (expected === true && isNotice(judged, result)),
    ),
  outcome: (_, { decision }) => outcomeOf(decision),
  timedOut: (_, { decision }) =>
    decision.results.some((result) => result.facts?.status === 'timed-out'),
  ran: (_, { ran }) => ran,
  asyncStarted: (_, { decision }) => decision.background !== undefined,
  stdoutEmpty: (_, { decision }) =>
    decision.results.every((result) => (runFacts(result.facts)?.stdoutHead ?? '') === ''),
  progress: (_, { decision }) =>
    decision.results.flatMap((result) => progressIn(runFacts(result.facts)?.stdoutHead ?? '')),
  warning: (_, { decision }) => decision.diagnostics.length > 0,
  diagnostic: (expected, { decision }) =>
    decision.diagnostics.some(({ code }) => code === expected)
      ? expected
      : decision.diagnostics.map(({ code }) => code),
  stderrContains: (expected, { decision }) =>
    contains(
      decision.results.map((result) => runFacts(result.facts)?.stderrHead).join(''),
      expected,
    ),
  stdoutContains: (expected, { decision }) =>
    contains(
      decision.results.map((result) => runFacts(result.facts)?.stdoutHead).join(''),
      expected,
    ),
  stdoutJson: (expected, { decision }) =>
    subset(expected, runFacts(decision.results[0]?.facts)?.stdoutHead),
  // -1 is upstream's word for a hook without a verdict.
  exitCode: (expected, { decision }) =>
    expected === -1 && decision.results.some(isError)
      ? -1
      : (runFacts(decision.results[0]?.facts)?.exitCode ?? null),
  maxSeconds: (expected, { seconds }) => atMost(expected, seconds),
  errorContains: (expected, { decision }) =>
    contains(
      decision.results
        .map(({ cause }) => (cause.kind === 'fail-mode' ? cause.message : ''))
        .join('\n'),
      expected,
    ),
};

/** Where upstream has a defect, `wanted` and `reasonWanted` say what its users expect instead. */
const overrides: Readonly<Record<string, string>> = { wanted: 'blocked', reasonWanted: 'reason' };
const notes = new Set(['open', 'note']);

/**
 * Diagnostics that say: upstream would let this go ahead, and hookpool does not. docs/dialects.md
 * has the rules.
 */
const deviations = new Set(['foreign-spelling', 'stricter-than-upstream', 'wrong-event-name']);

/**
 * Whether hookpool says no (or asks) where the case, which tells what upstream does, has the action
 * go ahead, and the result itself names the rule. Never the other way round.
 */
export function isStricter(one: Case, { decision }: Judged): boolean {
  const expected = wantedOf(one);
  const goesAhead =
    expected['blocked'] === false || ['allow', 'none'].includes(String(expected['permission']));
  const objects =
    decision.decision === 'block' ||
    (decision.decision === 'ask' && expected['permission'] !== 'ask');
  return goesAhead && objects && decision.diagnostics.some(({ code }) => deviations.has(code));
}

function wantedOf(one: Case): Record<string, unknown> {
  const expected: Record<string, unknown> = { ...one.expect };
  for (const [from, to] of Object.entries(overrides)) {
    if (!(from in expected)) continue;
    const value = expected[from];
    if (typeof value === 'object' && value !== null) Object.assign(expected, value);
    else expected[to] = value === 'block' || value === 'deny' ? true : value;
    delete expected[from];
    // What upstream calls an error is a verdict to its users.
    if (from === 'wanted') delete expected['error'];
  }
  return expected;
}

/** One line for each expectation that does not hold. */
export function differences(one: Case, judged: Judged): string[] {
  return Object.entries(wantedOf(one)).flatMap(([key, value]) => {
    if (notes.has(key)) return [];
    const check = checks[key];
    if (check === undefined) return [`${key}: this harness does not know how to check it`];
    const actual = check(value, judged, one);
    // The order of keys says nothing, and a member that is undefined is none.
    const same =
      isDeepStrictEqual(plain(actual), plain(value)) ||
      (key === 'warning' && value === true && actual === true);
    return same
      ? []
      : [`${key}: expected ${JSON.stringify(value)}, actual ${JSON.stringify(actual)}`];
  });
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function atMost(limit: unknown, actual: number): unknown {
  return actual <= Number(limit) ? limit : actual;
}

/**
 * Codex takes the rewrite that finished last, whichever that is; here the last in the order of the
 * file counts.
 */
function isRaceWon(
  expected: unknown,
  { results, updatedInput }: Decision,
  dialect: Dialect,
): boolean {
  const given = results.flatMap((result) =>
    result.updatedInput === undefined ? [] : [result.updatedInput],
  );
  const isLast = given.length > 1 && isDeepStrictEqual(updatedInput, given.at(-1));
  return (
    dialect.name === 'codex' && isLast && given.some((one) => isDeepStrictEqual(one, expected))
  );
}

function isNotice({ dialect }: Judged, { event, facts, systemMessage }: HookResult): boolean {
  return (
    eventRules(dialect, event).exit2 === 'notice' &&
    runFacts(facts)?.exitCode === 2 &&
    systemMessage !== undefined
  );
}

/** The text is the runtime's, not the author's. */
function isDefaultReason({ decision, dialect }: Judged): boolean {
  const rules = eventRules(dialect, decision.event);
  const templates = [
    rules.defaultReason,
    rules.errorReason,
    dialect.defaultReason,
    dialect.errorReason,
  ];
  const texts = templates
    .flatMap((text) => text ?? [])
    .flatMap((text) => failModes.map((mode) => text.replaceAll('{failMode}', mode)))
    .map((text) =>
      text.replaceAll('{hook}', decision.decidedBy ?? '').replaceAll('{event}', decision.event),
    );
  return texts.some((text) => decision.reason?.includes(text));
}

function inputOf({ toolInput }: Dialect, { context }: Case): unknown {
  return (
    toolInput.map((path) => valueAt(context, path)).find((value) => value !== undefined) ?? null
  );
}
