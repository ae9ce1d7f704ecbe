/** The keys of a printed object, in every spelling that any agent knows, and what they say. */
import type { DecisionKind, Diagnostic } from '../decision.ts';
import type { Dialect } from '../dialect.ts';
import { valueAt as at, isJsonObject, type JsonObject } from '../json.ts';
import { claimOf } from './claims.ts';
import { quote } from './quote.ts';
import { containers, knownPaths } from './spellings.ts';

export interface Found {
  readonly known: string[];
  readonly unknown: string[];
  readonly said: DecisionKind[];
  readonly wrong: string[];
}

export function collect(dialect: Dialect, root: JsonObject): Found {
  const paths = leaves(root);
  const { contextKeys, extra } = dialect.output;
  const isKnown = (path: string) =>
    knownPaths.has(path) || contextKeys.includes(path) || Object.hasOwn(extra, path);
  const known = paths.filter(isKnown);
  const claims = known.map((path) => claimOf(dialect, path, at(root, path)));
  return {
    known,
    unknown: paths.filter((path) => !isKnown(path)),
    said: claims.flatMap((claim) => claim?.kind ?? []),
    wrong: claims.flatMap((claim) => claim?.wrong ?? []),
  };
}

/** The key, or the key with its word, if it is foreign to the dialect. */
export function foreignKey(
  { nativeOutput, output }: Dialect,
  path: string,
  value: unknown,
): string[] {
  const isOwn = Object.hasOwn(output.extra, path) || output.contextKeys.includes(path);
  const word = typeof value === 'string' && output.foldsWords ? value.toLowerCase() : value;
  if (isOwn || keysOf(path, word).some((key) => nativeOutput.has(key))) return [];
  let isNative = false;
  for (const key of nativeOutput)
    if (key.startsWith(path) && key[path.length] === '=') isNative = true;
  return [isNative ? `${path}=${quote(String(JSON.stringify(value)))}` : path];
}

export function keysOf(path: string, value: unknown): string[] {
  return typeof value === 'string' ? [path, `${path}=${value}`] : [path];
}

export interface Noting {
  /** The known paths that the output has. */
  readonly there: ReadonlySet<string>;
  readonly diagnostics: Diagnostic[];
}

/** The first non-blank string; a value of another type is reported, never taken. */
export function firstText(
  root: JsonObject,
  paths: readonly string[],
  { there, diagnostics }: Noting,
): string | undefined {
  for (const path of paths) {
    // Dozens of paths are looked up, and an output has only a few of them.
    if (!there.has(path)) continue;
    const value = at(root, path);
    const text = isTextList(value) ? value.filter((one) => one.trim() !== '').join('\n') : value;
    if (typeof text === 'string' && text.trim() !== '') return text;
    if (text !== undefined && text !== null && typeof text !== 'string') {
      diagnostics.push(note('wrong-type', `${path} is not a string; ignored.`));
    }
  }
  return undefined;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function leaves(root: JsonObject, prefix = ''): string[] {
  return Object.entries(root).flatMap(([key, value]) => {
    // A key with a dot inside would look like a path that is not there.
    if (key.includes('.')) return [JSON.stringify(key)];
    const path = prefix + key;
    return containers.has(path) && isJsonObject(value) ? leaves(value, `${path}.`) : [path];
  });
}

export function note(code: string, message: string): Diagnostic {
  return { code, message };
}
