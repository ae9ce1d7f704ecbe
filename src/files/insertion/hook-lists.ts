/**
 * Adds hooks to the lists of an agent's own file, and takes them out again. Every edit is checked:
 * the file afterwards means the same as before, but for the hooks.
 */
import type { Node } from 'jsonc-parser';
import { InvalidInputError } from '../../errors.ts';
import { isJsonObject, type JsonObject, ownProperty } from '../../protocol/json.ts';
import { withoutComments } from '../json-comments.ts';
import type { Path } from '../limits.ts';
import { formatProblems } from '../problem-text.ts';
import {
  type Problem,
  type ReadDocuments,
  SourceDocument,
  SourceText,
  told,
} from '../source-document.ts';
import { parseToml } from '../toml.ts';
import { type Insertion, inserted, styleOf } from './insertion.ts';
import { jsonAppended, jsonMember, readJsonTree } from './json-insertion.ts';
import { jsonRemoved } from './json-removal.ts';
import { tomlAppended } from './toml-insertion.ts';
import { yamlAppended } from './yaml-insertion.ts';

export type Syntax = 'json' | 'yaml' | 'toml';

/** An item, such as a hook or a group of hooks, and the path of the list that it belongs to. */
export interface ListItem {
  readonly path: readonly string[];
  readonly item: unknown;
}

export interface AddedItems {
  readonly text: string;
  /** What was added, in this order: taken out in the opposite order, the text is as before. */
  readonly chunks: readonly string[];
}

export class HookLists {
  readonly #file: string;
  readonly #syntax: Syntax;

  /** @param file name for messages. */
  constructor(file: string, syntax: Syntax) {
    this.#file = file;
    this.#syntax = syntax;
  }

  /**
   * The value of a text; that of an empty one is an empty mapping.
   * @throws InvalidInputError `INVALID_CONFIG` with line and column of every mistake.
   */
  read(text: string): JsonObject {
    const { bare } = withoutMark(text);
    if (bare.trim() === '') return {};
    const { documents, problems } = this.#parse(bare);
    const [source, second] = documents;
    if (source === undefined) throw this.#refused(problems);
    if (second !== undefined)
      throw this.#refused([second.problem([], 'The file must be one document.')]);
    if (isJsonObject(source.value)) return source.value;
    throw this.#refused([source.problem([], 'The file must be a mapping.')]);
  }

  /** The line of the value at a path, or of the nearest place around it. */
  lineOf(text: string, path: Path): number {
    const [source] = this.#parse(withoutMark(text).bare).documents;
    return source?.problem(path, '').line ?? 1;
  }

  /**
   * Appends the items to their lists.
   * @param head keys that an empty file needs beside them.
   * @throws InvalidInputError `INVALID_CONFIG` for a malformed file, and for one that has no place
   * for them: its text tells which lines to add by hand.
   */
  add(text: string, head: JsonObject, items: readonly ListItem[]): AddedItems {
    const { mark, bare } = withoutMark(text);
    let now = bare;
    const chunks: string[] = [];
    const take = (expected: JsonObject, insertions: readonly Insertion[] | undefined) => {
      const next = insertions === undefined ? now : inserted(now, insertions);
      if (insertions === undefined || !isSame(this.#valueOf(next), expected))
        throw this.#noPlace(now, items);
      now = next;
      chunks.push(...insertions.map((one) => one.text));
    };
    if (Object.keys(this.read(now)).length === 0)
      for (const [key, value] of Object.entries(head))
        take({ ...this.read(now), [key]: value }, this.#member(now, key, value));
    for (const { path, item } of items)
      take(appended(this.read(now), path, item), this.#appended(now, path, item));
    return { text: mark + now, chunks };
  }

  /**
   * Takes the items out at these paths, and the lists and mappings that are empty then.
   * @param stays whether an empty list or mapping at a path was there before.
   * @returns undefined where only the file's author can: in YAML and TOML.
   */
  remove(text: string, paths: readonly Path[], stays: (path: Path) => boolean): string | undefined {
    if (this.#syntax !== 'json') return undefined;
    const { mark, bare } = withoutMark(text);
    let now = bare;
    // From the last one to the first, so that the indices before it stay.
    for (const path of paths.toReversed()) now = this.#removeUpward(now, path, stays);
    return mark + now;
  }

  #removeUpward(text: string, path: Path, stays: (path: Path) => boolean): string {
    const next = jsonRemoved(text, path);
    const above = path.slice(0, -1);
    const left = valueIn(this.read(next), above);
    const isEmpty = Object.keys(left as object).length === 0;
    return above.length === 0 || !isEmpty || stays(above)
      ? next
      : this.#removeUpward(next, above, stays);
  }

  #parse(text: string): ReadDocuments {
    if (this.#syntax === 'toml') return parseToml(this.#file, text);
    if (this.#syntax === 'yaml') return SourceDocument.parse(this.#file, text);
    // Sizes and depth are counted before the tree is built, which recurses.
    const read = SourceDocument.parse(this.#file, withoutComments(text));
    if (read.problems.length > 0) return read;
    const tree = readJsonTree(text);
    return 'message' in tree ? new SourceText(this.#file, text).refused([tree]) : read;
  }

  #valueOf(text: string): unknown {
    return this.#parse(text).documents[0]?.value;
  }

  #member(text: string, key: string, value: unknown): readonly Insertion[] {
    return text.trim() === ''
      ? [whole(text, { [key]: value })]
      : jsonMember(text, readJsonTree(text) as Node, key, value);
  }

  #appended(text: string, path: readonly string[], item: unknown) {
    if (this.#syntax === 'toml') return tomlAppended(text, path, item as JsonObject);
    if (this.#syntax === 'yaml') return yamlAppended(text, path, item);
    return text.trim() === ''
      ? [whole(text, appended({}, path, item))]
      : jsonAppended(text, readJsonTree(text) as Node, path, item);
  }

  #refused(problems: readonly Problem[]): InvalidInputError {
    const text = `${formatProblems(told(problems))}\nNothing was changed.`;
    return new InvalidInputError('INVALID_CONFIG', text);
  }

  #noPlace(text: string, items: readonly ListItem[]): InvalidInputError {
    const [{ path = [] } = {}] = items;
    // add() has refused a file without a document.
    const source = this.#parse(text).documents[0] as SourceDocument;
    const lines = items.map((one) => JSON.stringify(appended({}, one.path, one.item)));
    return this.#refused([
      source.problem(
        path,
        `The file has no place where ${path.join('.')} can be edited without a change of what stands there. Add by hand:\n${lines.join('\n')}`,
      ),
    ]);
  }
}

/** A mark of the order of bytes stays where it is. */
function withoutMark(text: string): { readonly mark: string; readonly bare: string } {
  const at = text.startsWith('\uFEFF') ? 1 : 0;
  return { mark: text.slice(0, at), bare: text.slice(at) };
}

/** The content of an empty file. */
function whole(text: string, value: unknown): Insertion {
  const { eol } = styleOf(text);
  const json = `${JSON.stringify(value, null, 2)}\n`;
  return { offset: text.length, text: json.replaceAll('\n', eol) };
}

/** The value with an item more in the list at a path. */
function appended(root: JsonObject, [key, ...rest]: readonly string[], item: unknown): JsonObject {
  const name = String(key);
  const before = ownProperty(root, name);
  if (rest.length > 0)
    return { ...root, [name]: appended(isJsonObject(before) ? before : {}, rest, item) };
  return { ...root, [name]: [...(Array.isArray(before) ? before : []), item] };
}

/** The same keys in the same order: an insertion changes no order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function valueIn(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (Array.isArray(value) ? value[Number(key)] : ownProperty(value, String(key))),
    root,
  );
}
