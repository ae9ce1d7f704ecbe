/**
 * TOML as the nodes that YAML documents have, so that problems find their place in the same way. The parser's
 * own conversion to a value is not used: a key called __proto__ reaches the prototype of all objects there.
 */
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { Document, LineCounter, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { type Problem, SourceDocument } from './document.ts';

/** The first line that says something is a table's head or a key. No YAML mapping begins so. */
export function looksLikeToml(text: string): boolean {
  const first = text.split('\n').find((line) => !/^\uFEFF?\s*(#.*)?$/.test(line)) ?? '';
  return /^\uFEFF?\s*(\[\[?\s*[\w."' -]+\s*\]\]?\s*(#.*)?$|[\w."' -]+=)/.test(first.trimEnd());
}

export function parseToml(file: string, text: string): { documents: SourceDocument[]; problems: Problem[] } {
  const lines = new LineCounter();
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  lines.lineStarts.unshift(0);
  try {
    const root = placed(new YAMLMap(), [0, text.length]);
    const { body } = parseTOML(text).body[0];
    for (const part of body) {
      if (part.type === 'TOMLKeyValue') put(root, part);
      else addTable(root, part);
    }
    return { documents: [new SourceDocument(file, new Document(root).toJS(), root, lines)], problems: [] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { lineNumber, column, message } = error;
    return { documents: [], problems: [{ file, line: lineNumber, column: column + 1, message: `${message}.` }] };
  }
}

type Collection = YAMLMap | YAMLSeq;

/** `resolvedKey` is the path of the table: names, and the index after each name that is a list. */
function addTable(root: YAMLMap, { resolvedKey, key, body, range }: AST.TOMLTable): void {
  let inside: Collection = root;
  let name = 0;
  for (const [index, segment] of resolvedKey.entries()) {
    const next =
      typeof resolvedKey[index + 1] === 'number' ? () => placed(new YAMLSeq(), range) : () => placed(new YAMLMap(), range);
    if (inside instanceof YAMLSeq) inside = item(inside, Number(segment), next);
    else inside = member(inside, key.keys[name++] as AST.TOMLBare, next) as Collection;
  }
  for (const pair of body) put(inside as YAMLMap, pair);
}

/** A table is under the last item of its list, or begins the next one. */
function item(list: YAMLSeq, index: number, make: () => Node): Collection {
  const found = list.items[index];
  if (found !== undefined) return found as Collection;
  const made = make();
  list.items.push(made);
  return made as Collection;
}

function put(map: YAMLMap, { key, value }: AST.TOMLKeyValue): void {
  let inside = map;
  const last = key.keys.length - 1;
  for (const name of key.keys.slice(0, last)) inside = member(inside, name, () => placed(new YAMLMap(), name.range)) as YAMLMap;
  member(inside, key.keys[last] as AST.TOMLBare, () => nodeOf(value));
}

/** What stands under a name, made where there is nothing yet. */
function member(map: YAMLMap, key: AST.TOMLBare | AST.TOMLQuoted, make: () => Node): Node {
  const name = key.type === 'TOMLBare' ? key.name : key.value;
  const found = map.items.find((pair) => (pair.key as Scalar).value === name);
  if (found !== undefined) return found.value as Node;
  const value = make();
  map.items.push(new Pair(placed(new Scalar(name), key.range), value));
  return value;
}

function nodeOf(value: AST.TOMLContentNode): Node {
  if (value.type === 'TOMLArray') {
    const list = placed(new YAMLSeq(), value.range);
    for (const element of value.elements) list.items.push(nodeOf(element));
    return list;
  }
  if (value.type === 'TOMLInlineTable') {
    const map = placed(new YAMLMap(), value.range);
    for (const pair of value.body) put(map, pair);
    return map;
  }
  return placed(new Scalar(value.kind.includes('-') ? String(value.value) : value.value), value.range);
}

function placed<T extends Node>(node: T, [start, end]: readonly [number, number]): T {
  node.range = [start, end, end];
  return node;
}
