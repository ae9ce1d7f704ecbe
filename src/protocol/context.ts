/**
 * The context: the JSON that the agent reports and the script reads from stdin. It is parsed once
 * to find the hooks and passed on byte for byte, so that numbers which JavaScript cannot represent
 * stay as they are.
 */
import { InvalidInputError, messageOf } from '../errors.ts';
import { Content } from './content.ts';
import type { Diagnostic } from './decision.ts';
import type { Dialect } from './dialect.ts';
import { aliasesOf, eventNameIn, eventRules, findEvent } from './dialect-lookup.ts';
import { isJsonObject, type JsonCounts, jsonCounts, ownProperty, valueAt } from './json.ts';
import { type JsonMember, members } from './json-scan.ts';
import type { ToolCall } from './matching/condition.ts';
import { maxContextBytes, maxTranscriptBytes, transcriptPath } from './run.ts';
import { shown } from './shown.ts';
import { replaceLoneSurrogates } from './surrogates.ts';

export interface Context {
  readonly event: string;
  /** What the scripts read from stdin. */
  readonly content: Content;
  /**
   * The text that the matcher is applied to: the tool's name, or the field that the event has
   * instead.
   */
  readonly subject: string | undefined;
  /** The tool call that conditions are tested on; undefined where the context names no tool. */
  readonly tool: ToolCall | undefined;
  readonly threadSource: string | undefined;
  /** The agent's id of the conversation. */
  readonly session: string | undefined;
  /** The folder in which the agent works, as it names it. */
  readonly cwd: string | undefined;
  /** How often the end of this turn has been rejected already, where the agent reports it. */
  readonly rejections: number | undefined;
  readonly transcript: Uint8Array | undefined;
  /** What differs between the context as it was sent and what the scripts read. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ContextInput {
  readonly bytes: Uint8Array;
  /** The text of `bytes`, without a byte order mark, where the caller has it already. */
  readonly text?: string | undefined;
  /**
   * The content of `bytes`, where the caller has it already; a content of other bytes is not used.
   */
  readonly content?: Content | undefined;
  /** The event as the caller names it; if undefined, the context's own `hook_event_name` counts. */
  readonly event?: string | undefined;
  readonly transcript?: Uint8Array | undefined;
}

/**
 * A context above these limits is a mistake or an attack, since contexts are agents' data, not
 * programs. Every program of the image reads 128 levels: jq 1.6 holds 256 open brackets and names,
 * so nested objects end at 128 and arrays at 255; Python 3.11 ends at 994. Parsing half a million
 * values took half a second and 100 MB.
 */
const contextLimits: JsonCounts = { depth: 128, values: 200_000 };
const summaryKey = 'execution_summary';

/** @throws InvalidInputError `INVALID_CONTEXT`, `INVALID_EVENT` or `TOO_LARGE`, with the field. */
export function parseContext(dialect: Dialect, input: ContextInput): Context {
  const { transcript } = input;
  checkSize('context', input.bytes.length, maxContextBytes);
  if (transcript !== undefined) checkSize('transcript', transcript.length, maxTranscriptBytes);
  const sent = input.text ?? decode(input.bytes);
  const { bytes, replaced } = replaceLoneSurrogates(input.bytes, sent);
  const text = replaced === 0 ? sent : decode(bytes);
  const root = parseObject(text);
  const event = eventOf(dialect, root, input.event);
  const rules = eventRules(dialect, event);
  const toolName = textAt(root, dialect.toolName);
  if (rules.usesMatcher && rules.matchOn === undefined && toolName === undefined) {
    throw invalidContext(
      `The context of ${event} needs ${dialect.toolName[0]}, a string: it picks the hooks.`,
    );
  }
  const threadSource = ownProperty(root, 'thread_source');
  return {
    event,
    content:
      transcript === undefined
        ? Content.of(bytes, input.content)
        : new Content(Buffer.from(pointToTranscript(text, dialect.transcriptKeys))),
    subject: rules.matchOn === undefined ? toolName : textAt(root, [rules.matchOn]),
    tool: toolCallIn(dialect, root),
    threadSource: typeof threadSource === 'string' ? threadSource : undefined,
    session: textAt(root, dialect.sessionKeys),
    cwd: folderAt(root, dialect.cwdKeys),
    rejections: rejectionsIn(root),
    transcript,
    diagnostics: replaced === 0 ? [] : [halvesReplaced(replaced)],
  };
}

function halvesReplaced(count: number): Diagnostic {
  const message = `Escapes of half a character in the context: ${count}. The scripts read U+FFFD there.`;
  return { code: 'context-surrogate', message };
}

/**
 * The reported count, or 0 where the context says that this is the first attempt to end the turn.
 */
function rejectionsIn(root: object): number | undefined {
  const count = ownProperty(root, 'stop_rejection_count');
  if (Number.isSafeInteger(count)) return Math.max(0, Number(count));
  return ownProperty(root, 'stop_hook_active') === false ? 0 : undefined;
}

/** The first string among the values at the dotted paths. */
function textAt(root: object, paths: readonly string[]): string | undefined {
  return paths.map((path) => valueAt(root, path)).find((value) => typeof value === 'string') as
    | string
    | undefined;
}

/** The first folder among the values at the dotted paths. */
function folderAt(root: object, paths: readonly string[]): string | undefined {
  const values = paths.map((path) => valueAt(root, path));
  return values
    .map((value): unknown => (Array.isArray(value) ? value[0] : value))
    .find((value) => typeof value === 'string' && value !== '') as string | undefined;
}

/** The tool call that conditions are tested on; undefined where the context names no tool. */
export function toolCallIn(dialect: Dialect, root: object): ToolCall | undefined {
  const toolName = textAt(root, dialect.toolName);
  if (toolName === undefined) return undefined;
  return {
    toolName,
    aliases: aliasesOf(dialect, toolName),
    toolInput: toolInputIn(dialect, root),
    cwd: textAt(root, ['cwd']),
  };
}

/** The tool's input in a context. Some agents send it as a string that contains JSON. */
export function toolInputIn(dialect: Dialect, root: object): unknown {
  const value = dialect.toolInput
    .map((path) => valueAt(root, path))
    .find((one) => one !== undefined);
  if (typeof value !== 'string' || excess(value) !== undefined) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * Sets `execution_summary` in the text of a JSON object to the path of the transcript, and those of
 * `keys` (`a`, or `a.b`) that are there: at each occurrence if a key is there twice. Every other
 * byte stays.
 */
export function pointToTranscript(text: string, keys: readonly string[]): string {
  const all = members(text);
  const content = JSON.stringify(transcriptPath);
  const there = all.flatMap((member) => namingMembers(text, member, keys));
  const starts = [0, ...there.map(({ valueEnd }) => valueEnd)];
  const pointed = there.map(
    ({ valueStart }, index) => text.slice(starts[index], valueStart) + content,
  );
  const end = all.at(-1)?.valueEnd ?? text.indexOf('{') + 1;
  const added = there.some(({ name }) => name === summaryKey)
    ? ''
    : `${all.length === 0 ? '' : ','}"${summaryKey}":${content}`;
  return `${pointed.join('')}${text.slice(starts.at(-1), end)}${added}${text.slice(end)}`;
}

/** The member itself, or those inside of it, that name the transcript. */
function namingMembers(text: string, member: JsonMember, keys: readonly string[]): JsonMember[] {
  const { name, valueStart } = member;
  if (name === summaryKey || keys.includes(name)) return [member];
  if (!keys.some((key) => key.startsWith(`${name}.`))) return [];
  return members(text, valueStart).filter((inner) => keys.includes(`${name}.${inner.name}`));
}

function eventOf(dialect: Dialect, root: object, asked: string | undefined): string {
  const own = eventNameIn(dialect, root);
  const event = asked === undefined ? undefined : findEvent(dialect, asked, 'event');
  const ownEvent = own === undefined ? undefined : findEvent(dialect, own, 'context');
  const found = event ?? ownEvent;
  if (found === undefined) {
    const text = 'Which event is this? Name it, or put hook_event_name into the context.';
    throw new InvalidInputError('INVALID_EVENT', text, { field: 'context' });
  }
  if (ownEvent !== undefined && ownEvent !== found) {
    const text = `The event is ${found}, but the context says ${shown(String(own))}. Send the context of that event.`;
    throw new InvalidInputError('INVALID_EVENT', text, { field: 'event' });
  }
  return found;
}

function checkSize(field: 'context' | 'transcript', bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new InvalidInputError(
    'TOO_LARGE',
    `The ${field} has ${bytes} bytes; ${limit} are the most.`,
    { field },
  );
}

function invalidContext(message: string, options: ErrorOptions = {}): InvalidInputError {
  return new InvalidInputError('INVALID_CONTEXT', message, { ...options, field: 'context' });
}

/**
 * Decodes without Content.text, which would cache the text: hooks that run in this process need the
 * bytes only.
 */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalidContext('The context is not valid UTF-8.', { cause: error });
  }
}

/** The limit that a JSON text exceeds; undefined if it exceeds none. */
function excess(text: string): keyof JsonCounts | undefined {
  const { depth, values } = jsonCounts(text);
  if (depth > contextLimits.depth) return 'depth';
  return values > contextLimits.values ? 'values' : undefined;
}

function parseObject(text: string): object {
  const over = excess(text);
  if (over === 'depth') {
    const { depth } = contextLimits;
    throw invalidContext(
      `The context is nested deeper than ${depth} levels: jq in the sandbox reads no more. Send flatter JSON.`,
    );
  }
  if (over === 'values') {
    const most = `The context has more than ${contextLimits.values} values, names of members not counted: send less of it.`;
    throw new InvalidInputError('TOO_LARGE', most, { field: 'context' });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw invalidContext(`The context is not JSON: ${messageOf(error)}.`, { cause: error });
  }
  throw invalidContext('The context must be a JSON object.');
}
