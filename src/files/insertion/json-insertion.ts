/** Adds a member or an element to JSON with comments, in the style of the file. */
import {
  createScanner,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { Fault } from '../limits.ts';
import { type Insertion, indentAt, nested, type Style, styleOf } from './insertion.ts';

/** The kinds of tokens of jsonc-parser, whose enumeration is for compilers only. */
const comma = 5;
const comments: readonly number[] = [12, 13];
const lineBreak = 14;

/** @returns the tree with its positions, or the first mistake. The depth was counted before. */
export function readJsonTree(text: string): Node | Fault {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  // Without a mistake there is a root.
  if (first === undefined) return root as Node;
  const name = printParseErrorCode(first.error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return { offset: first.offset, message: `This is not JSON: ${name.toLowerCase()}.` };
}

/**
 * Appends a value to the list at a path, and makes what is missing of the path.
 * @returns undefined where something else stands in the path.
 */
export function jsonAppended(
  text: string,
  root: Node,
  path: readonly string[],
  value: unknown,
): readonly Insertion[] | undefined {
  let at = root;
  for (const [index, key] of path.entries()) {
    if (at.type !== 'object') return undefined;
    const found = memberOf(at, key);
    if (found === undefined)
      return put(text, root, at, { key, value: nested(path.slice(index + 1), [value]) });
    at = found;
  }
  return at.type === 'array' ? put(text, root, at, { value }) : undefined;
}

/** Adds a member to the mapping at the root. */
export function jsonMember(text: string, root: Node, key: string, value: unknown): Insertion[] {
  return put(text, root, root, { key, value });
}

function memberOf(object: Node, name: string): Node | undefined {
  return childrenOf(object).find(({ children: [key] = [] }) => key?.value === name)?.children?.[1];
}

export function childrenOf({ children = [] }: Node): readonly Node[] {
  return children;
}

interface Put {
  /** Absent for the element of a list. */
  readonly key?: string;
  readonly value: unknown;
}

function put(text: string, root: Node, into: Node, what: Put): Insertion[] {
  const style = styleOf(text);
  const open = into.offset;
  const close = open + into.length - 1;
  const last = childrenOf(into).at(-1);
  const isMinified = !text.slice(root.offset, root.offset + root.length).includes('\n');
  const indent = indentAt(text, open) + style.unit;
  if (last === undefined) {
    if (isMinified && childrenOf(root).length > 0)
      return [{ offset: close, text: onOneLine(text, what) }];
    const before = text.slice(open, close).trimEnd();
    const hasLines = text.slice(open, close).includes('\n');
    const shown = style.eol + indent + onLines(what, indent, style);
    return hasLines
      ? [{ offset: open + before.length, text: shown }]
      : [{ offset: close, text: shown + style.eol + indentAt(text, open) }];
  }
  const end = last.offset + last.length;
  const first = childrenOf(into)[0] as Node;
  const hasLines =
    text.slice(open, first.offset).includes('\n') || text.slice(end, close).includes('\n');
  const isBroken = text.slice(open, first.offset).includes('\n');
  const own = isBroken ? indentAt(text, first.offset) : indent;
  const added = hasLines
    ? style.eol + own + onLines(what, own, style)
    : (isSpaced(text) ? ' ' : '') + onOneLine(text, what);
  return behind(text, { end, close }, added);
}

/** The insertions after the last child: a comma where there is none, and the text after comments. */
function behind(
  text: string,
  { end, close }: { readonly end: number; readonly close: number },
  added: string,
): Insertion[] {
  const found = commaAfter(text, end, close);
  const after = afterComments(text, found ?? end, close);
  if (found !== undefined) return [{ offset: after, text: added }];
  if (after === end) return [{ offset: end, text: `,${added}` }];
  return [
    { offset: end, text: ',' },
    { offset: after, text: added },
  ];
}

/** The end of a comma. */
export function commaAfter(text: string, start: number, close: number): number | undefined {
  const scanner = createScanner(text);
  scanner.setPosition(start);
  while (scanner.getPosition() < close) if (scanner.scan() === comma) return scanner.getPosition();
  return undefined;
}

/** The end of the comments that stand on the same line. */
function afterComments(text: string, start: number, close: number): number {
  const scanner = createScanner(text);
  scanner.setPosition(start);
  let end = start;
  while (scanner.getPosition() < close) {
    const kind = scanner.scan();
    if (kind === lineBreak) break;
    if (comments.includes(kind)) end = scanner.getPosition();
  }
  return end;
}

function onLines({ key, value }: Put, indent: string, { eol, unit }: Style): string {
  const json = JSON.stringify(value, null, unit).replaceAll('\n', eol + indent);
  return key === undefined ? json : `${JSON.stringify(key)}: ${json}`;
}

function onOneLine(text: string, { key, value }: Put): string {
  const [colon, gap] = isSpaced(text) ? [': ', ' '] : [':', ''];
  const json = oneLine(value, colon, gap);
  return key === undefined ? json : JSON.stringify(key) + colon + json;
}

/** Recurses over values that install makes itself: four levels. */
function oneLine(value: unknown, colon: string, gap: string): string {
  if (Array.isArray(value))
    return `[${value.map((one) => oneLine(one, colon, gap)).join(`,${gap}`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, one]) => JSON.stringify(key) + colon + oneLine(one, colon, gap),
  );
  return `{${members.join(`,${gap}`)}}`;
}

function isSpaced(text: string): boolean {
  return /":\s/.test(text);
}
