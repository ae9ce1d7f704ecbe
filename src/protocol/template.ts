// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
/**
 * Placeholders in the payload and the headers of an http hook. One scan goes over the author's
 * text; what a value holds is never scanned, so that no value can add a placeholder, a member or a
 * header.
 */
import { InvalidInputError } from '../errors.ts';
import { isJsonObject } from './json.ts';
import { type JsonMember, members } from './json-scan.ts';
import { shown } from './shown.ts';

/** A text of the author, or what stands in its place. */
type Part = string | { readonly path: string } | { readonly secret: string };

/** Paths of different objects are scans of their own, of a context of up to 8 MiB. */
const mostPaths = 16;
/** The most characters of a payload as JSON. */
const mostPayload = 64 << 10;

const pathPattern = /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,15}$/;
const secretPattern = /^secret:([A-Za-z0-9_-]{1,64})$/;

/** `$$` before what would be a placeholder is a dollar; the bare names are those of a tutorial. */
const placeholders =
  /\$(\$)(?=\{|(?:tool_input_path|timestamp|session_id)(?![A-Za-z0-9_]))|\$\{([^{}]*)\}|\$(tool_input_path|timestamp|session_id)(?![A-Za-z0-9_])|\$\{/g;
const dollars = /\$(?=\{|(?:tool_input_path|timestamp|session_id)(?![A-Za-z0-9_]))/g;

/** A template that stands for this very text. */
export function literalTemplate(text: string): string {
  return text.replace(dollars, () => '$$');
}

/** Members of the context that may hold the path of the file that a tool is about to touch. */
const inputPaths = ['tool_input.file_path', 'tool_input.path', 'tool_input.filePath'];

/** @throws InvalidInputError `INVALID_HOOKS` */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholders)) {
    const [whole, dollar, braced, bare] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    parts.push(dollar ?? partOf(braced ?? bare));
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

function partOf(name: string | undefined): Part {
  const [, secret] = secretPattern.exec(name ?? '') ?? [];
  return secret === undefined ? { path: contextPath(name) } : { secret };
}

/**
 * The path in a placeholder. @param name what stands in the braces; undefined: they are not closed.
 * @throws InvalidInputError `INVALID_HOOKS`
 */
export function contextPath(name: string | undefined): string {
  if (name === undefined)
    throw invalid('"${" without "}": write "$${" for the text "${", or close the placeholder');
  if (pathPattern.test(name)) return name;
  throw invalid(
    `"\${${shown(name)}}" is no placeholder: write \${name.of.member} or, in a header, \${secret:NAME}`,
  );
}

/** Why a header's value cannot be used; undefined when it can. */
export function headerTemplateProblem(text: string): string | undefined {
  const { parts, problem } = readParts(text);
  if (problem !== undefined) return problem;
  const path = parts.find((part) => typeof part === 'object' && 'path' in part);
  return path === undefined
    ? undefined
    : 'A header takes ${secret:NAME} only: send members of the context in the payload.';
}

/** Why a payload cannot be used; undefined when it can. */
export function payloadProblem(payload: unknown): string | undefined {
  const size = JSON.stringify(payload).length;
  if (size > mostPayload)
    return `The payload has ${size} characters of JSON; ${mostPayload} are the most.`;
  const paths = new Set<string>();
  for (const text of textsIn(payload)) {
    const { parts, problem } = readParts(text);
    if (problem !== undefined) return problem;
    for (const part of parts) {
      if (typeof part === 'string') continue;
      if ('secret' in part)
        return 'A secret can stand in a header only: payloads are kept in records of services.';
      paths.add(part.path);
    }
  }
  return paths.size > mostPaths
    ? `The payload names ${paths.size} members of the context; ${mostPaths} are the most.`
    : undefined;
}

function readParts(text: string): { readonly parts: Part[]; readonly problem?: string } {
  try {
    return { parts: partsOf(text) };
  } catch (error) {
    return { parts: [], problem: (error as Error).message };
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** @param secretOf may throw; its error is passed on. */
export function renderHeader(text: string, secretOf: (name: string) => string): string {
  const texts = partsOf(text).map((part) =>
    typeof part === 'object' && 'secret' in part ? secretOf(part.secret) : String(part),
  );
  return texts.join('');
}

export interface Rendered {
  readonly text: string;
  /** Paths of the placeholders that the context does not have: each of them became null. */
  readonly missing: readonly string[];
}

/**
 * The payload as JSON text. A text that is one placeholder becomes the value with its own digits;
 * in other text a value becomes text.
 * @param now an ISO 8601 time for `timestamp`, where the context has none.
 */
export function renderPayload(payload: unknown, context: string, now: string): Rendered {
  const values = new Map<string, string | undefined>();
  const find = jsonFinder(context);
  const jsonOf = (path: string): string => {
    if (!values.has(path)) values.set(path, jsonAt(path, find, now));
    return values.get(path) ?? 'null';
  };
  const text = rendered(payload, jsonOf);
  const missing = [...values].filter(([, value]) => value === undefined).map(([path]) => path);
  return { text, missing };
}

/** Recurses once per level of the author's own document, whose depth its reader limits. */
function rendered(value: unknown, jsonOf: (path: string) => string): string {
  if (typeof value === 'string') return renderedText(value, jsonOf);
  if (Array.isArray(value)) return `[${value.map((item) => rendered(item, jsonOf)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const all = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${rendered(item, jsonOf)}`,
  );
  return `{${all.join(',')}}`;
}

function renderedText(text: string, jsonOf: (path: string) => string): string {
  const parts = partsOf(text);
  const [only, second] = parts;
  if (second === undefined && typeof only === 'object' && 'path' in only) return jsonOf(only.path);
  const texts = parts.map((part) =>
    typeof part === 'object' && 'path' in part ? textOf(jsonOf(part.path)) : String(part),
  );
  return JSON.stringify(texts.join(''));
}

/** A string without its quotes, any other value as JSON. */
function textOf(json: string): string {
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

/** The JSON of the value at a path of the context, as the agent wrote it. */
function jsonAt(path: string, find: Finder, now: string): string | undefined {
  const paths = path === 'tool_input_path' ? [path, ...inputPaths] : [path];
  for (const one of paths) {
    const json = find(one.split('.'));
    if (json !== undefined) return json;
  }
  return path === 'timestamp' ? JSON.stringify(now) : undefined;
}

type Finder = (path: readonly string[]) => string | undefined;

/**
 * Looks JSON up by paths, and scans each object once: 16 members of 5 MB took 200 ms one by one. Of
 * equal names the last counts, as in JSON.parse.
 */
export function jsonFinder(context: string): Finder {
  const known = new Map<number, ReadonlyMap<string, JsonMember>>();
  const membersAt = (start: number) => {
    const found =
      known.get(start) ?? new Map(members(context, start).map((one) => [one.name, one]));
    known.set(start, found);
    return found;
  };
  return (path) => {
    let member: JsonMember | undefined;
    for (const name of path) {
      member = membersAt(member?.valueStart ?? 0).get(name);
      if (member === undefined) return undefined;
    }
    return member && context.slice(member.valueStart, member.valueEnd);
  };
}

function invalid(what: string): InvalidInputError {
  return new InvalidInputError('INVALID_HOOKS', `${what}.`);
}
