/** The strictest reading of an object that has a key twice, or exceeds the limits. */

import type { Dialect } from '../dialect.ts';
import { foldName } from '../dialect-lookup.ts';
import type { JsonObject } from '../json.ts';
import { type JsonMember, members } from '../json-scan.ts';
import { strictness } from './claims.ts';
import { parseBounded } from './output-json.ts';
import { containers, eventNamePaths, inputPaths, knownPaths } from './spellings.ts';

/** The most members of one object; the members after them are not read. */
const maxKeys = 10_000;
/** The most unknown names that are kept, for the message that lists them. */
const maxUnknown = 100;

interface Source {
  readonly dialect: Dialect;
  readonly text: string;
  readonly event: string | undefined;
}

/**
 * The object with its equal keys combined: the strictest verdict, the first text, and the matching
 * event name count. A new input that is there twice is left out, because a choice would be a guess.
 * Linear in the text; values of unknown keys are null.
 */
export function strictestObject(
  dialect: Dialect,
  text: string,
  event: string | undefined,
  start = 0,
): JsonObject {
  return united({ dialect, text, event }, [start], '');
}

/** All members of the objects that begin at `starts` as one object. */
function united(source: Source, starts: readonly number[], prefix: string): JsonObject {
  const known = new Map<string, JsonMember[]>();
  const unknown: [string, null][] = [];
  for (const start of starts) {
    for (const member of members(source.text, start, maxKeys)) {
      const group = known.get(member.name);
      if (group !== undefined) group.push(member);
      else if (isKnown(source.dialect, prefix, member.name)) known.set(member.name, [member]);
      else if (unknown.length < maxUnknown) unknown.push([member.name, null]);
    }
  }
  const said = [...known].map(([name, group]): [string, unknown] => [
    name,
    memberOf(source, prefix + name, group),
  ]);
  return Object.fromEntries([...said, ...unknown]);
}

function isKnown({ output }: Dialect, prefix: string, name: string): boolean {
  // A key with a dot inside would look like a path that is not there.
  if (name.includes('.')) return false;
  const path = prefix + name;
  const isExtra = Object.hasOwn(output.extra, path) || output.contextKeys.includes(path);
  return knownPaths.has(path) || containers.has(path) || isExtra;
}

function memberOf(source: Source, path: string, group: readonly JsonMember[]): unknown {
  const nested = group
    .filter(({ valueStart }) => source.text[valueStart] === '{')
    .map(({ valueStart }) => valueStart);
  if (containers.has(path) && nested.length > 0) return united(source, nested, `${path}.`);
  if (inputPaths.includes(path) && group.length > 1) return null;
  return chosen(source, path, group);
}

function chosen(
  { dialect, text, event }: Source,
  path: string,
  group: readonly JsonMember[],
): unknown {
  const values = group.map(
    ({ valueStart, valueEnd }) => parseBounded(text.slice(valueStart, valueEnd)) ?? null,
  );
  if ((eventNamePaths as readonly string[]).includes(path)) {
    return (
      values.find(
        (value) => typeof value === 'string' && event !== undefined && isSameEvent(value, event),
      ) ?? values[0]
    );
  }
  const ranks = values.map((value) => strictness(dialect, path, value));
  return values[ranks.indexOf(Math.min(...ranks) as 0 | 1 | 2)];
}

export function isSameEvent(named: string, event: string): boolean {
  return foldName(named) === foldName(event);
}
