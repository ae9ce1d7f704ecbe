/**
 * Request bodies. They are kept as text: a context must reach the script byte for byte, and a value
 * that went through JSON.parse has lost its large numbers.
 */
import { getLocation, visit } from 'jsonc-parser';
import type { z } from 'zod';
import { messageOf } from '../errors.ts';
import { isJsonObject, jsonDepth } from '../protocol/json.ts';
import { HttpError } from './http-error.ts';

/** As it arrived. */
export interface RawBody {
  /** Without parameters, lower case. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface Body {
  readonly contentType: string;
  readonly text: string;
}

export const jsonTypes = ['application/json'] as const;
export const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'] as const;

/** For bodies that are handed on as bytes. None that a form of a web page could send without being asked first. */
export const rawTypes = ['application/json', 'application/octet-stream'] as const;

/** A context may have 512 levels; the body is one more, a hook a few. */
const maxBodyDepth = 600;

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

/** @throws HttpError 400 or 415 with the pointer to the first field that the schema refuses. */
export function readJson<T>(schema: z.ZodType<T>, { contentType, text }: Body): ReadBody<T> {
  if (!(jsonTypes as readonly string[]).includes(contentType)) {
    throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
  }
  const root = parseJson(text);
  if (!isJsonObject(root)) throw new HttpError(400, 'INVALID_BODY', 'The body must be a JSON object.');
  const members = rawMembers(text);
  const parsed = schema.safeParse(root);
  if (!parsed.success) throw schemaError(parsed.error);
  return { value: parsed.data, rawMember: (name) => members.get(name) };
}

/** @throws HttpError 415 for a request without a body. */
export function asRawBody(body: unknown): RawBody {
  if (isRawBody(body)) return body;
  throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The request needs a body with a Content-Type.');
}

export function schemaError(error: z.ZodError): HttpError {
  const issue = error.issues[0];
  const path = [...(issue?.path ?? [])].map(String);
  if (issue?.code === 'unrecognized_keys') path.push(issue.keys[0] ?? '');
  return new HttpError(400, 'INVALID_REQUEST', `${path.join('.') || 'The body'}: ${issue?.message}.`, pointerTo(path));
}

/** RFC 6901 */
export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The pointer to a place in a JSON text; line and column from 1. */
export function pointerAt(json: string, line: number, column: number): string {
  let offset = 0;
  for (let at = 1; at < line; at++) offset = json.indexOf('\n', offset) + 1;
  return pointerTo(getLocation(json, offset + column - 1).path.filter((part) => part !== ''));
}

function parseJson(text: string): unknown {
  if (jsonDepth(text) > maxBodyDepth) {
    throw new HttpError(400, 'INVALID_BODY', `The body is nested deeper than ${maxBodyDepth} levels.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, 'INVALID_BODY', `The body is not JSON: ${messageOf(error)}.`);
  }
}

/**
 * For the text of a JSON object: the text of each member's value. A name that is there twice is
 * refused, or two readers would see two contexts.
 */
function rawMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let depth = 0;
  let name: string | undefined;
  let start = 0;
  const open = () => {
    depth++;
  };
  const finish = (end: number) => {
    if (name !== undefined) members.set(name, text.slice(start, end).trim());
  };
  visit(text, {
    onObjectBegin: open,
    onArrayBegin: open,
    onArrayEnd: () => {
      depth--;
    },
    onObjectEnd: (offset) => {
      if (--depth === 0) finish(offset);
    },
    onObjectProperty: (property) => {
      if (depth !== 1) return;
      if (members.has(property)) throw new HttpError(400, 'INVALID_BODY', `"${property}" is there twice.`, pointerTo([property]));
      name = property;
    },
    onSeparator: (character, offset) => {
      if (depth !== 1) return;
      if (character === ':') start = offset + 1;
      else finish(offset);
    },
  });
  return members;
}

function isRawBody(body: unknown): body is RawBody {
  return isJsonObject(body) && body['bytes'] instanceof Uint8Array;
}
