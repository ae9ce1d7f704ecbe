/** Takes a member or an element out of JSON with comments; comments around it stay. */
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Path } from '../limits.ts';
import { childrenOf, commaAfter, readJsonTree } from './json-insertion.ts';

/** Start and end offset in a text. */
type Cut = readonly [start: number, end: number];

/** @param path of a value that the text has. */
export function jsonRemoved(text: string, path: Path): string {
  const value = findNodeAtLocation(readJsonTree(text) as Node, [...path]) as Node;
  const isMember = typeof path.at(-1) === 'string';
  const cuts = cutsOf(text, (isMember ? value.parent : value) as Node);
  let left = text;
  for (const [start, end] of cuts.toReversed()) left = left.slice(0, start) + left.slice(end);
  return left;
}

/** The node and one comma: the one after it, or the one before it where it is the last. */
function cutsOf(text: string, node: Node): Cut[] {
  const container = node.parent as Node;
  const siblings = childrenOf(container);
  const at = siblings.indexOf(node);
  const end = node.offset + node.length;
  const close = container.offset + container.length - 1;
  const behind = commaAfter(text, end, siblings[at + 1]?.offset ?? close);
  if (at + 1 < siblings.length) return [[node.offset, blanksAfter(text, Number(behind))]];
  const before = siblings[at - 1];
  const own: Cut = [blanksBefore(text, node.offset), behind ?? end];
  // A trailing comma goes with the node, and that of the node before it becomes the trailing one.
  if (before === undefined || behind !== undefined) return [own];
  const comma = Number(commaAfter(text, before.offset + before.length, node.offset));
  return [[comma - 1, comma], own];
}

function blanksAfter(text: string, start: number): number {
  return start + Number(/^\s*/.exec(text.slice(start))?.[0].length);
}

function blanksBefore(text: string, end: number): number {
  let at = end;
  while (/\s/.test(text.charAt(at - 1))) at--;
  return at;
}
