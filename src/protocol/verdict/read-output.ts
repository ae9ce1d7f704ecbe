/** Parses what a script printed: the one output in it, or the kind of text that it is instead. */
import type { Diagnostic } from '../decision.ts';
import type { Dialect } from '../dialect.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { endOfValue } from '../json-tokens.ts';
import {
  type ControlLines,
  controlLines,
  decodeOutput,
  findObject,
  maxMarkedLines,
  type NotFound,
  parseBounded,
  type Shape,
  withoutProgress,
} from './output-json.ts';
import { type Output, readOutput, rejects } from './output-object.ts';
import { listed, quote } from './quote.ts';
import { findRejection, mentionsVerdict, type Search } from './rejection.ts';
import { strictestObject } from './strictest.ts';
import { unreadVerdict } from './unread.ts';

export type { Output } from './output-object.ts';

interface Beside {
  /** A rejection beside the verdict, in a part of what was printed that upstream passes over. */
  readonly beside?: Output;
  /** Why what was printed may hold a verdict that was not read. */
  readonly unclear?: string;
}

export type ParsedOutput =
  | ({ readonly kind: 'empty' } & Beside)
  | ({
      readonly kind: 'output';
      readonly output: Output;
      /**
       * Searches for a member that may be an intended rejection and is not read, and returns its
       * path. Absent where the output rejects. The search is as long as the parsing, and only hooks
       * that must not fail open need it.
       */
      readonly findUnread?: () => string | undefined;
    } & Beside)
  | ({
      readonly kind: 'malformed';
      readonly shape: Shape;
      readonly text: string;
      readonly message: string;
      readonly diagnostic: Diagnostic;
      /** A rejection in the text, though the text is not one object. */
      readonly rejection?: Output;
    } & Beside)
  | {
      readonly kind: 'unknown';
      readonly what: 'unknownValue' | 'unknownKeys';
      readonly text: string;
      readonly message: string;
    };

interface Source {
  readonly dialect: Dialect;
  /** `text` is searched for the verdict first; `whole` is all that was printed. */
  readonly text: string;
  readonly whole: string;
  readonly exact: boolean;
  readonly event: string | undefined;
}

/**
 * Parses all of stdout as one JSON object, or the part that the dialect's marks select. Blank
 * output is `empty`; any other text that is not an object is `malformed`, with the rejection that
 * can be read in it. Linear in the bytes; output with more than 10,000 values or 64 levels is
 * malformed.
 * @param event the hook's event, for dialects that check the event name inside the output.
 */
export function parseOutput(dialect: Dialect, stdout: Uint8Array, event?: string): ParsedOutput {
  if (stdout.length === 0) return { kind: 'empty' };
  const { text: whole, exact } = decodeOutput(stdout);
  const { documents } = dialect.output;
  const source: Source = { dialect, text: whole, whole, exact, event };
  if (documents.length === 0) return parseText(source);
  const marked = documents.includes('control-line') ? controlLines(whole) : undefined;
  const verdict = marked?.texts.at(-1);
  if (marked !== undefined && verdict !== undefined)
    return parseMarked({ ...source, text: verdict }, marked);
  if (!documents.includes('progress-lines')) return parseText(source);
  const { text, over, taken } = withoutProgress(whole);
  const parsed = besideProgress(source, parseText({ ...source, text, whole: text }), taken);
  if (!over || parsed.kind !== 'malformed') return parsed;
  return {
    ...parsed,
    message: `${parsed.message} (of the lines of progress, ${maxMarkedLines} are taken out)`,
  };
}

/** A verdict in a line of progress is noted, but where the output itself rejects. */
function besideProgress(
  source: Source,
  parsed: ParsedOutput,
  taken: readonly JsonObject[],
): ParsedOutput {
  if (parsed.kind === 'unknown' || (parsed.kind === 'output' && rejects(parsed.output)))
    return parsed;
  const beside = taken
    .map((line) => readOutput(source.dialect, line, source.event).output)
    .find(rejects);
  if (beside !== undefined) return { ...parsed, beside };
  const isUnclear = taken.some((line) => mayReject(source, line));
  return isUnclear ? { ...parsed, unclear: 'a line of progress holds a verdict' } : parsed;
}

/** Whether an object that does not reject asks, or may be meant to reject. */
function mayReject({ dialect, event }: Source, root: JsonObject): boolean {
  const { output, wrong } = readOutput(dialect, root, event);
  return (
    output.decision === 'ask' || wrong !== undefined || unreadVerdict(dialect, root) !== undefined
  );
}

const tooManyLines = `it has more than ${2 * maxMarkedLines} control lines, or too much in them`;

/**
 * The last marked line is the verdict, but it does not revoke a rejection in an earlier line. Where
 * not all earlier lines are read, it is no verdict: one of them may reject.
 */
function parseMarked(source: Source, { texts, over, rest }: ControlLines): ParsedOutput {
  const last = parseText(source);
  if (last.kind === 'output' && rejects(last.output)) return last;
  const taken = rejectionIn(source, texts.slice(0, -1));
  if (taken.rejection !== undefined)
    return { kind: 'output', output: noted(taken.rejection, contradiction) };
  if (last.kind !== 'output' && last.kind !== 'malformed') return last;
  if (over || taken.isPartial) {
    return last.kind === 'output'
      ? malformed(source.text, tooManyLines, 'broken')
      : { ...last, unclear: tooManyLines };
  }
  if (texts.slice(0, -1).some((text) => mayHoldVerdict(source, text)))
    return { ...last, unclear: unreadLine };
  if (last.kind !== 'output') return last;
  const beside = rejectionIn(source, [rest]);
  if (beside.rejection !== undefined) return { ...last, beside: beside.rejection };
  return beside.isPartial ? { ...last, unclear: String(beside.unclear) } : last;
}

const unreadLine = 'an earlier control line mentions a verdict and cannot be read';

/** Whether a control line that does not reject may be meant to. */
function mayHoldVerdict({ dialect, event }: Source, text: string): boolean {
  const root = parseBounded(text);
  if (!isJsonObject(root)) return mentionsVerdict(text);
  return (
    readOutput(dialect, root, event).wrong !== undefined ||
    unreadVerdict(dialect, root) !== undefined
  );
}

function parseText(source: Source): ParsedOutput {
  const { dialect, text } = source;
  if (text.trim() === '') return { kind: 'empty' };
  const found = findObject(dialect.output.documents, text);
  if (found.object !== undefined) return readObject(source, found.object);
  const partial =
    found.partial === undefined ? undefined : readPartial(source, found.partial, found.why);
  if (partial !== undefined) return partial;
  const { rejection, unclear } = rejectionIn(source, [unread(source, found)]);
  const besides = {
    ...(rejection === undefined ? {} : { rejection }),
    ...(unclear === undefined ? {} : { unclear }),
  };
  return { ...malformed(text, found.why, found.shape), ...besides };
}

/**
 * The text that may still hold a rejection: after an object that was read in its strictest way, the
 * rest behind it.
 */
function unread({ text, whole }: Source, { inner, partial }: NotFound): string {
  if (partial === undefined || text !== whole) return inner ?? whole;
  const end = endOfValue(partial, partial.indexOf('{'));
  return end < 0 ? '' : partial.slice(end);
}

/** The strictest reading of an object that can be read in several ways, if it rejects or asks. */
function readPartial(
  { dialect, event }: Source,
  text: string,
  why: string,
): ParsedOutput | undefined {
  const { output } = readOutput(dialect, strictestObject(dialect, text, event), event);
  if (!rejects(output) && output.decision !== 'ask') return undefined;
  const message = `stdout is read in its strictest way: ${quote(why)}.`;
  return { kind: 'output', output: noted(output, { code: 'ambiguous-output', message }) };
}

type Rejection = Omit<Search, 'rejection'> & { readonly rejection?: Output };

function rejectionIn({ dialect, event }: Source, texts: readonly string[]): Rejection {
  const { rejection, ...search } = findRejection(dialect, texts, event);
  return rejection === undefined
    ? search
    : { rejection: readOutput(dialect, rejection, event).output };
}

function readObject({ dialect, text, exact, event }: Source, root: JsonObject): ParsedOutput {
  const { output, wrong, unknown, dropped } = readOutput(dialect, root, event);
  const isRejection = rejects(output);
  if (wrong !== undefined && !isRejection)
    return { kind: 'unknown', what: 'unknownValue', text, message: wrong };
  if (output.keys.size === 0 && unknown.length > 0) {
    const message = `none of its keys is known: ${listed(Object.keys(root))}`;
    return { kind: 'unknown', what: 'unknownKeys', text, message };
  }
  // A block counts whatever else is wrong; anything milder needs an unbroken text.
  if (!exact && !isRejection) return malformed(text, 'it is not valid UTF-8', 'broken');
  // A broken output that only ends the turn loses its milder decision.
  const isBroken = wrong !== undefined || !exact;
  return {
    kind: 'output',
    output: isBroken && output.decision !== 'block' ? { ...output, decision: undefined } : output,
    ...(isRejection ? {} : { findUnread: () => dropped ?? unreadVerdict(dialect, root) }),
  };
}

type Malformed = Extract<ParsedOutput, { kind: 'malformed' }>;

function malformed(text: string, why: string, shape: Shape): Malformed {
  const message = `stdout is not one JSON object (${quote(why)}): ${quote(text.trim())}`;
  const hint = text.includes('{')
    ? 'Something else was printed beside the JSON; logs belong on stderr.'
    : 'Plain text means nothing here; logs belong on stderr.';
  return {
    kind: 'malformed',
    shape,
    text,
    message,
    diagnostic: { code: 'stdout-not-pure-json', message: hint },
  };
}

const contradiction = {
  code: 'contradiction',
  message: 'The output says more than one thing; the strictest counts.',
};

function noted(output: Output, diagnostic: Diagnostic): Output {
  return { ...output, diagnostics: [...output.diagnostics, diagnostic] };
}
