/**
 * Request bodies, kept as text: a context must reach the script byte for byte, and JSON.parse
 * rounds large numbers.
 */
import type { z } from 'zod';
import { messageOf } from '../errors.ts';
import { isJsonObject, type JsonCounts, jsonCounts } from '../protocol/json.ts';
import { members } from '../protocol/json-scan.ts';
import { shortened, shown } from '../protocol/shown.ts';
import { HttpError } from './http-error.ts';

/** A body as it arrived. */
export interface RawBody {
  /** The media type without parameters, in lower case. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface Body {
  readonly contentType: string;
  readonly text: string;
}

export const jsonTypes = ['application/json'] as const;
export const yamlTypes = [
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
  'text/x-yaml',
] as const;

/**
 * Types of bodies that are passed on as bytes. A web page cannot send any of them to another site
 * without a preflight request.
 */
export const rawTypes = ['application/json', 'application/octet-stream'] as const;

/**
 * A context may have 128 levels, the body adds one and a hook a few; a deeper context has an error
 * of its own. The limit of values covers the largest context with hooks and files beside it.
 */
const bodyLimits: JsonCounts = { depth: 600, values: 400_000 };
/** Far more members than any schema has. */
const mostMembers = 100;

export function rawBody(contentType: string | undefined, bytes: Uint8Array): RawBody {
  return { contentType: (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '', bytes };
}

/** @throws HttpError 400 */
export function decodeBody({ contentType, bytes }: RawBody): Body {
  try {
    return { contentType, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    throw new HttpError(400, 'INVALID_BODY', 'The body is not valid UTF-8.');
  }
}

/** A JSON object as values, and the text of each of its members as it was sent. */
export interface ReadBody<T> {
  readonly value: T;
  readonly rawMember: (name: string) => string | undefined;
}

/**
 * @param unread names of members whose text other code parses: if such a member is an object, it is
 * empty in the value.
 * @throws HttpError 400, 413 or 415 with the pointer to the first field that the schema refuses.
 */
export function readJson<T>(
  schema: z.ZodType<T>,
  { contentType, text }: Body,
  ...unread: readonly string[]
): ReadBody<T> {
  if (!(jsonTypes as readonly string[]).includes(contentType)) {
    throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
  }
  checkCounts(text);
  const texts = rawMembers(text);
  const root = Object.fromEntries(
    [...texts].map(([name, value]) => [
      name,
      unread.includes(name) ? outline(value) : parse(value, name),
    ]),
  );
  const parsed = schema.safeParse(root);
  if (!parsed.success) throw schemaError(parsed.error);
  return { value: parsed.data, rawMember: (name) => texts.get(name) };
}

/** @throws HttpError 415 for a request without a body. */
export function asRawBody(body: unknown): RawBody {
  if (isRawBody(body)) return body;
  throw new HttpError(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    'The request needs a body with a Content-Type.',
  );
}

/** The error for the first issue of the schema. */
export function schemaError(error: z.ZodError): HttpError {
  const issue = error.issues[0];
  const path = [...(issue?.path ?? [])].map(String);
  if (issue?.code === 'unrecognized_keys') path.push(issue.keys[0] ?? '');
  const name = path.map(shown).join('.') || 'The body';
  return new HttpError(
    400,
    'INVALID_REQUEST',
    shortened(`${name}: ${issue?.message}.`),
    pointerTo(path),
  );
}

/**
 * Longer names are truncated, so that an answer does not grow with its request. Paths of files have
 * at most 512 bytes.
 */
const mostOfPointer = 600;

/** The JSON pointer (RFC 6901) of a path. */
export function pointerTo(path: readonly (string | number)[]): string {
  const parts = path.map((part) => String(part).slice(0, mostOfPointer));
  return parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function checkCounts(text: string): void {
  const { depth, values } = jsonCounts(text);
  if (depth > bodyLimits.depth)
    throw invalidBody(`The body is nested deeper than ${bodyLimits.depth} levels.`);
  if (values <= bodyLimits.values) return;
  const most = `The body has more than ${bodyLimits.values} values, names of members not counted: send less of the context.`;
  throw new HttpError(413, 'TOO_LARGE', most);
}

/** @param member undefined: the text is the whole body. */
function parse(text: string, member?: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidBody(
      `The body is not JSON: ${messageOf(error)}.`,
      member === undefined ? '' : pointerTo([member]),
    );
  }
}

/**
 * An empty object or array for the text of one, which is enough for a schema to check the type;
 * else the value.
 */
function outline(text: string): unknown {
  if (text.startsWith('{')) return {};
  return text.startsWith('[') ? [] : parse(text);
}

function invalidBody(message: string, pointer = ''): HttpError {
  return new HttpError(400, 'INVALID_BODY', message, pointer);
}

/**
 * The text of each member of a JSON object. A duplicate name is refused, because two readers could
 * otherwise see two contexts.
 */
function rawMembers(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let end = text.indexOf('{') + 1;
  for (const { name, valueStart, valueEnd } of members(text, 0, mostMembers)) {
    if (found.has(name)) throw invalidBody(`"${shown(name)}" is there twice.`, pointerTo([name]));
    found.set(name, text.slice(valueStart, valueEnd));
    end = valueEnd;
  }
  if (found.size === mostMembers) throw invalidBody(`The body has ${mostMembers} members or more.`);
  if (/^[ \t\r\n]*\{/.test(text) && /^[ \t\r\n]*\}[ \t\r\n]*$/.test(text.slice(end))) return found;
  parse(text);
  throw invalidBody('The body must be a JSON object.');
}

function isRawBody(body: unknown): body is RawBody {
  return isJsonObject(body) && body['bytes'] instanceof Uint8Array;
}
