/** Reads the verdict in what a run printed, of which a part may be missing. */
import type { Diagnostic } from '../decision.ts';
import { type RunResult, stderrTruncated, stdoutTruncated } from '../run.ts';
import { fromRejection, stands } from './from-output.ts';
import { type Output, rejects } from './output-object.ts';
import { type ParsedOutput, parseOutput } from './read-output.ts';
import { type Case, type Draft, fail, isClosed } from './reject-or-fail.ts';

/** Whether the text with the verdict was truncated. */
export function isCut(one: Case, run: RunResult): boolean {
  return stdoutTruncated(run) || (stderrTruncated(run) && speaksOnStderr(one, run));
}

function speaksOnStderr({ dialect }: Case, run: RunResult): boolean {
  return dialect.output.elseStderr && textOf(run.stdout) === '';
}

/**
 * Parses the output of a run. Truncated output counts only if it rejects: the missing rest may
 * revoke anything milder.
 */
export function readRun(one: Case, run: RunResult): ParsedOutput {
  const parsed = parseOutput(
    one.dialect,
    speaksOnStderr(one, run) ? run.stderr : run.stdout,
    one.hook.event,
  );
  return isCut(one, run) && rejectionIn(one, parsed) === undefined ? { kind: 'empty' } : parsed;
}

export function rejectionIn(one: Case, parsed: ParsedOutput): Output | undefined {
  if (parsed.kind === 'output') return rejects(parsed.output) ? parsed.output : undefined;
  return parsed.kind === 'malformed' && stands(one, parsed) ? parsed.rejection : undefined;
}

/** The result of a run whose output was truncated: a rejection before the cut counts. */
export function fromCut(
  one: Case,
  run: RunResult,
  message: string,
  seen: readonly Diagnostic[],
): Draft {
  const rejection = rejectionIn(one, readRun(one, run));
  const draft = rejection === undefined ? undefined : fromRejection(one, rejection, message, seen);
  const isRejected = draft?.decision === 'block' || draft?.continue === false;
  if (!isRejected) return fail(one, 'HOOK_OUTPUT_LIMIT', message, seen);
  return { ...draft, cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_LIMIT', message } };
}

/**
 * Finds a rejection on stderr where stdout is not an object, for a hook that must not fail open.
 * Upstream does not read stderr on exit code 0.
 */
export function rejectionOnStderr(
  one: Case,
  run: RunResult,
  parsed: ParsedOutput,
): Output | undefined {
  const isSaid = parsed.kind === 'output' || parsed.kind === 'unknown';
  if (isSaid || run.stderr.length === 0 || !isClosed(one)) return undefined;
  const error = parseOutput(one.dialect, run.stderr, one.hook.event);
  if (error.kind === 'output') return rejects(error.output) ? error.output : undefined;
  return error.kind === 'malformed' ? error.rejection : undefined;
}

/** Enough for the longest reason, of 32,768 characters. */
const maxTextBytes = 128 << 10;

/** The text without blanks around it, cut to its first 128 KiB. */
export function textOf(bytes: Uint8Array): string {
  const { length } = bytes;
  let start = 0;
  for (; start < length; start++) {
    const byte = Number(bytes[start]);
    if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) break;
  }
  return new TextDecoder().decode(bytes.subarray(start, start + maxTextBytes)).trim();
}
