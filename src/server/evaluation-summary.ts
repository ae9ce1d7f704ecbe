/** Evaluations in lists: what a summary has, and which ones a search finds. */
import type { DecisionKind } from '../protocol/decision.ts';
import { type How, howOf } from '../protocol/how.ts';
import type { AuditRecord } from './audit-record.ts';

/** What a list shows of an evaluation. */
export interface EvaluationSummary {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly dialect: string;
  readonly event: string;
  readonly tool?: string | undefined;
  readonly subject?: string | undefined;
  readonly hookset?: string | undefined;
  readonly thread?: string | undefined;
  readonly replayOf?: string | undefined;
  readonly caller?: string | undefined;
  readonly traceId?: string | undefined;
  readonly decision: DecisionKind;
  readonly how: How;
  readonly decidedBy?: string | undefined;
  /** The code of the cause where a failMode decided. */
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly durationMs: number;
  /** Names of the hooks that were called, at most 50. */
  readonly hooks: readonly string[];
  readonly failed: number;
  readonly notRun: number;
  readonly skipped: number;
  readonly kept: boolean;
}

/** A summary that is made when it is first asked for, and once. */
export type Summary = () => EvaluationSummary;

export function summaryWhenAsked({ record, kept }: Summarized): Summary {
  let source: Summarized | undefined = { record, kept };
  let made: EvaluationSummary | undefined;
  return () => {
    if (source !== undefined) made = summaryOf(source.record, source.kept !== undefined);
    // A record is larger than its summary, which may wait for a message to other servers.
    source = undefined;
    return made as EvaluationSummary;
  };
}

interface Summarized {
  readonly record: AuditRecord;
  /** Present where the context of the evaluation was kept. */
  readonly kept?: unknown;
}

const maxHooks = 50;
const maxReason = 300;
/** @param isKept its context was kept */
export function summaryOf(record: AuditRecord, isKept: boolean): EvaluationSummary {
  const { id, at, dialect, event, tool, subject, hookset, thread, replayOf, caller } = record;
  const { traceId } = record;
  const { decision, decidedBy, cause, reason, durationMs, hooks, skipped } = record;
  const hows = hooks.map((hook) => howOf(hook.cause));
  return {
    ...{ id, at, dialect, event, tool, subject, hookset, thread, replayOf, caller, traceId },
    ...{ decision, how: howOf(cause), decidedBy },
    code: cause?.kind === 'fail-mode' ? cause.code : undefined,
    reason: reason?.slice(0, maxReason),
    durationMs,
    hooks: hooks.slice(0, maxHooks).map(({ hook }) => hook),
    failed: hows.filter((how) => how === 'fail-mode').length,
    notRun: hows.filter((how) => how === 'not-run').length,
    skipped: skipped.length,
    kept: isKept,
  };
}

/** The fields of a summary that a search compares whole. */
const compared = {
  decision: ({ decision }) => [decision],
  cause: ({ how, code }) => [how, ...(code === undefined ? [] : [code])],
  hook: ({ hooks }) => hooks,
  tool: ({ tool }) => listOf(tool),
  event: ({ event }) => [event],
  dialect: ({ dialect }) => [dialect],
  hookset: ({ hookset }) => listOf(hookset),
  thread: ({ thread }) => listOf(thread),
} as const satisfies Record<string, (summary: EvaluationSummary) => readonly string[]>;

/** Values of one field: any of the first, and none of those behind a `!`. */
type Filters = { readonly [Field in keyof typeof compared]?: readonly string[] | undefined };

export interface EvaluationSearch extends Filters {
  /** Not before this time, ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** A text in any case, in the id, the tool, its subject, the reason, the traceId or a name of a hook. */
  readonly q?: string | undefined;
}

/** A part of the evaluations that a search finds. */
export interface EvaluationPage {
  /** The newest first. */
  readonly evaluations: readonly EvaluationSummary[];
  /** Where the next page goes on; undefined: there is nothing more. */
  readonly next: string | undefined;
  readonly scanned: number;
  readonly unreadable: number;
}

export interface PageOptions {
  /** `next` of an earlier page. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** The most evaluations that one search looks at. */
export const searchScans = 2_000;

/** Tells which evaluations a search finds. */
export function searchTest(search: EvaluationSearch): (summary: EvaluationSummary) => boolean {
  const since = search.since === undefined ? -Infinity : Date.parse(search.since);
  const until = search.until === undefined ? Infinity : Date.parse(search.until);
  const text = search.q?.toLowerCase();
  const tests = Object.entries(compared).flatMap(([field, valuesOf]) => {
    const wanted = search[field as keyof typeof compared];
    return wanted === undefined ? [] : [fieldTest(wanted, valuesOf)];
  });
  return (summary) => {
    const at = Date.parse(summary.at);
    if (at < since || at >= until) return false;
    if (!tests.every((test) => test(summary))) return false;
    return text === undefined || textsOf(summary).some((one) => one.includes(text));
  };
}

function fieldTest(
  wanted: readonly string[],
  valuesOf: (summary: EvaluationSummary) => readonly string[],
): (summary: EvaluationSummary) => boolean {
  const isOut = (value: string) => value.startsWith('!');
  const any = wanted.filter((value) => !isOut(value));
  const none = wanted.filter(isOut).map((value) => value.slice(1));
  return (summary) => {
    const values = valuesOf(summary);
    if (none.some((value) => values.includes(value))) return false;
    return any.length === 0 || any.some((value) => values.includes(value));
  };
}

function textsOf({ id, tool, subject, reason, traceId, hooks }: EvaluationSummary): string[] {
  return [id, tool, subject, reason, traceId, ...hooks].flatMap((one) => one?.toLowerCase() ?? []);
}

function listOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
