/**
 * Finds the failures of programs that a script calls, in what it wrote to stderr. A script that
 * does not check its programs goes on with empty variables and exits with 0, as if it had looked.
 */
import type { Diagnostic } from '../decision.ts';
import { quote } from './quote.ts';

export interface ToolFailure extends Diagnostic {
  /**
   * The line has the exact form in which the program itself reports that it did not do its work. A
   * file that is not there may be optional, and so may a value that jq iterates over.
   */
  readonly isCertain: boolean;
}

type Kind =
  | 'command-not-found'
  | 'module-not-found'
  | 'jq-error'
  | 'file-not-found'
  | 'read-only'
  | 'permission-denied';

/** The bytes of stderr that are searched: as many as a run keeps by default. */
const searchedBytes = 64 << 10;
/** The characters of a line that are read; the messages of programs are shorter. */
const lineLength = 400;

/** Messages of bash, dash and env for a program that is not in the sandbox. */
const shellNotFound =
  /: line \d+: [^:]+: command not found$|: \d+: [^:]+: not found$|^(?:\S*\/)?env: [^:]+: No such file or directory$/;
/** The message of a program that was to be started by Python, by name. */
const pythonNotFound = /^FileNotFoundError: .*: '[^'/]+'$/;
const moduleNotFound = /\bNo module named ['"]?[\w.]+/;
const jqParseError = /^(?:jq: )?parse error: .* at (?:line \d+, column \d+|EOF)/;
const jqError = /^jq: (?:error\b|\d+ compile error)/;
/** Errors of jq that are no failure to read what it was given. */
const jqAside =
  /Cannot iterate over null|Could not open|writing output failed|Error writing|broken pipe/i;
const missingFile = /No such file or directory|FileNotFoundError/;
const readOnly = /Read-only file system|\[Errno 30\]/;
const denied = /Permission denied|\[Errno 13\]/;
/** Places of the system, where scripts try out what is there. */
const systemPlace = /(?:^|[\s'"‘`:])\/(?:tmp|dev|proc|sys)\//;

/** The first failure of each kind, a certain one before the others. Linear in the bytes. */
export function toolFailures(stderr: Uint8Array): readonly ToolFailure[] {
  if (stderr.length === 0) return [];
  const found = new Map<Kind, ToolFailure>();
  for (const line of new TextDecoder().decode(stderr.subarray(0, searchedBytes)).split('\n')) {
    const text = line.slice(0, lineLength).trim();
    const failure = failureIn(text);
    if (failure === undefined) continue;
    const known = found.get(failure.kind);
    if (known === undefined || (failure.isCertain && !known.isCertain)) {
      const { kind, isCertain } = failure;
      found.set(kind, { code: kind, message: quote(text), isCertain });
    }
  }
  return [...found.values()];
}

/** The failed import that a script tells about on stdout instead of failing. */
export function importFailure(text: string | undefined): readonly ToolFailure[] {
  const line = text?.slice(0, lineLength);
  return line === undefined || !moduleNotFound.test(line)
    ? []
    : [{ code: 'module-not-found', message: quote(line), isCertain: true }];
}

function failureIn(line: string): { kind: Kind; isCertain: boolean } | undefined {
  if (shellNotFound.test(line)) return { kind: 'command-not-found', isCertain: true };
  if (line.endsWith(': command not found') || pythonNotFound.test(line))
    return { kind: 'command-not-found', isCertain: false };
  if (moduleNotFound.test(line)) return { kind: 'module-not-found', isCertain: true };
  if (jqParseError.test(line)) return { kind: 'jq-error', isCertain: true };
  if (jqError.test(line)) return { kind: 'jq-error', isCertain: !jqAside.test(line) };
  if (systemPlace.test(line)) return undefined;
  if (missingFile.test(line)) return { kind: 'file-not-found', isCertain: false };
  if (readOnly.test(line)) return { kind: 'read-only', isCertain: false };
  return denied.test(line) ? { kind: 'permission-denied', isCertain: false } : undefined;
}
