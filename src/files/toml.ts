/**
 * Converts TOML to the nodes of a YAML document, so that problems are located in the same way. The
 * parser's own conversion is not used, because there a key called __proto__ reaches the prototype
 * of all objects.
 */
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { type Fault, type Path, sizeFault } from './limits.ts';
import { NodeReader } from './nodes.ts';
import { type ReadDocuments, SourceDocument, SourceText } from './source-document.ts';
import { tomlFault } from './toml-counts.ts';

/**
 * Whether the first line that is neither blank nor a comment is a table header or a key. No YAML
 * mapping begins with one.
 */
export function looksLikeToml(text: string): boolean {
  const first = firstLine(text);
  return /^\[\[?[\w."' \t-]+\]\]?\s*(?:#.*)?$/s.test(first) || /^[\w."' -]+=/.test(first);
}

/** The first line that is neither blank nor a comment, trimmed. */
function firstLine(text: string): string {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end).trim();
    if (line !== '' && !line.startsWith('#')) return line;
    start = end + 1;
  }
  return '';
}

/** Parses TOML; parameters and result are those of SourceDocument.parse. */
export function parseToml(file: string, text: string, enclosedAt?: Path): ReadDocuments {
  const source = new SourceText(file, text, enclosedAt);
  const tooMuch = sizeFault(text) ?? tomlFault(text);
  if (tooMuch !== undefined) return source.refused([tooMuch]);
  try {
    const root = new Tables(text).read();
    const wrong: Fault[] = [];
    const value = new NodeReader(wrong).valueOf(root);
    return wrong.length > 0
      ? source.refused(wrong)
      : { documents: [new SourceDocument(value, root, source)], problems: [] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return source.refused([{ offset: error.index, message: `${error.message}.` }]);
  }
}

type Collection = YAMLMap | YAMLSeq;

class Tables {
  readonly #text: string;
  /**
   * Members of each mapping by name, so that a look-up among 60,000 keys does not search the list.
   */
  readonly #members = new Map<YAMLMap, Map<string, Node>>();

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws ParseError */
  read(): YAMLMap {
    const root = placed(new YAMLMap(), [0, this.#text.length]);
    for (const part of parseTOML(this.#text).body[0].body) {
      if (part.type === 'TOMLKeyValue') this.#put(root, part);
      else this.#addTable(root, part);
    }
    return root;
  }

  /**
   * `resolvedKey` is the path of the table: names, and the index after each name that is a list.
   */
  #addTable(root: YAMLMap, { resolvedKey, key, body, range }: AST.TOMLTable): void {
    let inside: Collection = root;
    let name = 0;
    for (const [index, segment] of resolvedKey.entries()) {
      const next =
        typeof resolvedKey[index + 1] === 'number'
          ? () => placed(new YAMLSeq(), range)
          : () => placed(new YAMLMap(), range);
      if (inside instanceof YAMLSeq) inside = item(inside, Number(segment), next);
      else inside = this.#member(inside, key.keys[name++] as AST.TOMLBare, next) as Collection;
    }
    for (const pair of body) this.#put(inside as YAMLMap, pair);
  }

  #put(map: YAMLMap, { key, value }: AST.TOMLKeyValue): void {
    let inside = map;
    const last = key.keys.length - 1;
    for (const name of key.keys.slice(0, last)) {
      inside = this.#member(inside, name, () => placed(new YAMLMap(), name.range)) as YAMLMap;
    }
    this.#member(inside, key.keys[last] as AST.TOMLBare, () => this.#nodeOf(value));
  }

  /** Returns the value under a name, and creates it where there is none. */
  #member(map: YAMLMap, key: AST.TOMLBare | AST.TOMLQuoted, make: () => Node): Node {
    const name = key.type === 'TOMLBare' ? key.name : key.value;
    const members = this.#members.get(map) ?? new Map<string, Node>();
    this.#members.set(map, members);
    const found = members.get(name);
    if (found !== undefined) return found;
    const value = make();
    members.set(name, value);
    map.items.push(new Pair(placed(new Scalar(name), key.range), value));
    return value;
  }

  /** Recurses once per level; the depth is limited (see limits.ts). */
  #nodeOf(value: AST.TOMLContentNode): Node {
    if (value.type === 'TOMLArray') {
      const list = placed(new YAMLSeq(), value.range);
      for (const element of value.elements) list.items.push(this.#nodeOf(element));
      return list;
    }
    if (value.type === 'TOMLInlineTable') {
      const map = placed(new YAMLMap(), value.range);
      for (const pair of value.body) this.#put(map, pair);
      return map;
    }
    return placed(
      new Scalar(value.kind.includes('-') ? String(value.value) : value.value),
      value.range,
    );
  }
}

/** Returns the table at an index of a list of tables, and appends it where there is none. */
function item(list: YAMLSeq, index: number, make: () => Node): Collection {
  const found = list.items[index];
  if (found !== undefined) return found as Collection;
  const made = make();
  list.items.push(made);
  return made as Collection;
}

function placed<T extends Node>(node: T, [start, end]: readonly [number, number]): T {
  node.range = [start, end, end];
  return node;
}
