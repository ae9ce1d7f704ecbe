/** Adds an item to a list of a YAML file in block style, at the indentation of its neighbours. */
import { isCollection, isMap, isScalar, isSeq, type Node, stringify } from 'yaml';
import { readYaml } from '../yaml.ts';
import { type Insertion, lineStart, nested, styleOf } from './insertion.ts';

/**
 * Appends a value to the list at a path, and makes what is missing of the path.
 * @returns undefined where something else stands in the path, or a mapping or list in braces.
 */
export function yamlAppended(
  text: string,
  path: readonly string[],
  value: unknown,
): readonly Insertion[] | undefined {
  const [document] = readYaml(text).documents;
  if (text.trim() === '')
    return [{ offset: text.length, text: stringify(nested(path, [value]), { lineWidth: 0 }) }];
  let at: unknown = document?.contents;
  let depth = 0;
  for (const key of path) {
    if (!isMap(at)) return undefined;
    const found: unknown = at.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
    if (found === undefined) break;
    at = (found as { readonly value: unknown }).value;
    depth++;
  }
  const rest = path.slice(depth);
  if (!isCollection(at) || at.flow === true || isSeq(at) !== (rest.length === 0)) return undefined;
  return [behind(text, at as Node, rest.length === 0 ? [value] : nested(rest, [value]))];
}

function behind(text: string, { range }: Node, value: unknown): Insertion {
  const [start, end] = range as readonly [number, number, number];
  const { eol } = styleOf(text);
  const indent = ' '.repeat(start - lineStart(text, start));
  const lines = stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
  const block = lines.map((line) => indent + line).join(eol);
  // A mapping ends behind its last line break and comment, or with the file.
  const isOpen = text.charAt(end - 1) !== '\n';
  return { offset: end, text: isOpen ? eol + block : block + eol };
}
