/**
 * Keys as files spell them: camelCase or snake_case, and the other names that sample documents use.
 */
import { foldName } from '../protocol/dialect-lookup.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { shown } from '../protocol/shown.ts';
import type { Path, Problem, SourceDocument } from './source-document.ts';

/** Other names of the same key in published samples. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['hookType', 'type'],
  ['activationMode', 'activation'],
  ['timeoutSeconds', 'timeout'],
  ['condition', 'if'],
  // Of AgentPool.
  ['importPath', 'import'],
  // Of a published tutorial.
  ['mode', 'type'],
  ['asyncMode', 'async'],
  ['payloadTemplate', 'payload'],
]);

/** Keys whose values may be written in any case and with `_` or `-`. */
const wordKeys: ReadonlySet<string> = new Set(['type', 'failMode', 'activation', 'tier']);

/** A mapping under hookpool's own names, which keeps the written form of each key. */
export interface FoldedKeys {
  readonly entry: Record<string, unknown>;
  /** hookpool's name -> the key as written; the name itself for an absent key. */
  readonly written: (name: string) => string;
  /** Keys that repeat another key in a different spelling. */
  readonly problems: Problem[];
}

export function foldKeys(source: SourceDocument, path: Path, value: JsonObject): FoldedKeys {
  const entry: Record<string, unknown> = Object.create(null);
  const keys = new Map<string, string>();
  const problems: Problem[] = [];
  const isPrompt = [value['hookType'], value['hook_type'], value['type']].some(
    (type) => typeof type === 'string' && foldName(type) === 'prompt',
  );
  for (const [key, item] of Object.entries(value)) {
    const name = ourName(key, isPrompt);
    const first = keys.get(name);
    if (first !== undefined)
      problems.push(source.problem([...path, key], sameKey(key, first), 'key'));
    keys.set(name, key);
    entry[name] = ourValue(name, item);
  }
  return { entry, problems, written: (name) => keys.get(name) ?? name };
}

export function sameKey(key: string, first: string): string {
  return `"${shown(key)}" and "${shown(first)}" are the same key: keep one.`;
}

/** hookpool's name of a key, whatever its spelling. */
export function ourName(key: string, isPrompt = false): string {
  const camel = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (camel === 'hookBody') return isPrompt ? 'prompt' : 'script';
  return aliases.get(camel) ?? camel;
}

/** hookpool's form of the value of a key under hookpool's name. */
export function ourValue(name: string, item: unknown): unknown {
  if (wordKeys.has(name) && typeof item === 'string') return foldWord(item);
  // Bicep writes a matcher as `{toolPattern: ...}`.
  if (name === 'matcher' && isJsonObject(item) && Object.keys(item).join() === 'toolPattern')
    return item['toolPattern'];
  return item;
}

function foldWord(word: string): string {
  const folded = foldName(word.replaceAll('-', ''));
  return folded === 'ondemand' ? 'on-demand' : folded;
}
