/** Compares a decision with the expectations of a case. All functions are pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Cause, Decision } from '../../protocol/decision.ts';
import { milliseconds } from '../table.ts';
import type { Mismatch } from './result.ts';
import type { Expectation } from './test-file.ts';
import { compileTextPattern } from './text-pattern.ts';

/** @param durationMs duration of the evaluation, without the wait for sandboxes. */
export function judge(expect: Expectation, decision: Decision, durationMs: number): Mismatch[] {
  const codes = [...new Set(decision.diagnostics.map(({ code }) => code))].toSorted();
  const expectedCodes = expect.diagnostics && [...new Set(expect.diagnostics)].toSorted();
  return [
    ...same('decision', expect.decision, decision.decision),
    ...textual('reason', expect.reason, decision.reason),
    ...textual('additionalContext', expect.additionalContext, decision.additionalContext),
    ...textual('systemMessage', expect.systemMessage, decision.systemMessage),
    ...same('updatedInput', expect.updatedInput, decision.updatedInput ?? null),
    ...same('decidedBy', expect.decidedBy, decision.decidedBy),
    ...same('cause', expect.cause, causeWord(decision.cause)),
    ...same('diagnostics', expectedCodes, codes),
    ...withTimeout(expect.maxMs, durationMs),
  ];
}

/** The cause as a test file spells it. */
export function causeWord(cause: Cause | undefined): string | undefined {
  return cause?.kind === 'fail-mode' ? cause.code : cause?.kind;
}

function same(field: string, expected: unknown, actual: unknown): Mismatch[] {
  if (expected === undefined || isDeepStrictEqual(expected, actual)) return [];
  return [{ field, expected: show(expected), actual: show(actual) }];
}

function textual(
  field: string,
  pattern: string | null | undefined,
  actual: string | undefined,
): Mismatch[] {
  if (pattern === undefined) return [];
  if (pattern === null) return same(field, null, actual ?? null);
  if (actual !== undefined && compileTextPattern(pattern)(actual)) return [];
  return [{ field, expected: pattern, actual: actual ?? 'none' }];
}

function withTimeout(maxMs: number | undefined, durationMs: number): Mismatch[] {
  if (maxMs === undefined || durationMs <= maxMs) return [];
  return [
    {
      field: 'maxMs',
      expected: `at most ${milliseconds(maxMs)}`,
      actual: milliseconds(durationMs),
    },
  ];
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
