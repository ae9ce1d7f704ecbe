/**
 * Finds the failures of programs that a script calls, in what it wrote to stderr. A script that
 * does not check its programs goes on with empty variables and exits with 0, as if it had looked.
 */
import type { Diagnostic } from '../decision.ts';
import { type FailureKind, type FailureLine, failureIn, moduleNotFound } from './failure-lines.ts';
import { quote } from './quote.ts';

export interface ToolFailure extends Diagnostic {
  /** The program did not do its work, and no script expects that failure. */
  readonly isCertain: boolean;
}

/** The bytes of stderr that are searched: as many as a run keeps by default. */
const searchedBytes = 64 << 10;
/** The lines that are looked at: 64 KiB of empty objects are 22,000, and took 25 ms. */
const searchedLines = 4_000;
/** The characters of a line that are read; the messages of programs are shorter. */
const lineLength = 400;
const tracebackHead = /^\W*(?:Exception Group )?Traceback \(most recent call last\):$/;
/** An error at the end of Python, or at the end of who reads its output, undoes nothing. */
const isAside = /^(?:Exception ignored|BrokenPipeError\b)/;

/** The first failure of each kind, a certain one before the others. */
export function toolFailures(stderr: Uint8Array): readonly ToolFailure[] {
  if (stderr.length === 0) return [];
  const found = new Map<FailureKind, ToolFailure>();
  const add = ({ kind, isCertain }: FailureLine, text: string) => {
    const known = found.get(kind);
    if (known === undefined || (isCertain && !known.isCertain))
      found.set(kind, { code: kind, message: quote(text), isCertain });
  };
  let traceback: FailureLine | undefined;
  let before = '';
  const head = new TextDecoder().decode(stderr.subarray(0, searchedBytes));
  for (const line of head.split('\n', searchedLines)) {
    const text = line.slice(0, lineLength).trim();
    // Every failure is told behind a colon.
    if (traceback === undefined && !text.includes(':')) {
      before = text;
    } else if (tracebackHead.test(text)) {
      traceback = { kind: 'python-error', isCertain: !isAside.test(before) };
    } else if (traceback === undefined) {
      const failure = failureIn(text);
      if (failure !== undefined) add(failure, text);
    } else if (/^\S/.test(line)) {
      add(errorOf(traceback, text), text);
      traceback = undefined;
    }
    before = text;
  }
  // The error itself is behind the bytes that are searched.
  if (traceback !== undefined) add(traceback, before);
  return [...found.values()];
}

/** The error at the end of a traceback: the same failure, under a more exact name. */
function errorOf({ kind, isCertain }: FailureLine, text: string): FailureLine {
  return { kind: failureIn(text)?.kind ?? kind, isCertain: isCertain && !isAside.test(text) };
}

/** The failed import that a script tells about on stdout instead of failing. */
export function importFailure(text: string | undefined): readonly ToolFailure[] {
  const line = text?.slice(0, lineLength);
  return line === undefined || !moduleNotFound.test(line)
    ? []
    : [{ code: 'module-not-found', message: quote(line), isCertain: true }];
}
