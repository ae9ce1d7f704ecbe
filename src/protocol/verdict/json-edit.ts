/** Edits JSON text and changes only the bytes of the affected members. */
import { memberAt, members } from '../json-scan.ts';

/**
 * Sets members of the object at a path, or of the root for an empty path: an existing member gets
 * the new value, at each occurrence if it is there twice, and the others are added at the end.
 * Where the path leads to no object, one is created. One pass for all members: linear in the text
 * and the patch.
 * @param text of a JSON object; any other text stays as it is.
 */
export function setMembers(
  text: string,
  path: readonly string[],
  patch: Readonly<Record<string, unknown>>,
): string {
  const start = path.length === 0 ? text.search(/\S/) : memberAt(text, path)?.valueStart;
  if (start !== undefined && text[start] === '{') return edited(text, start, patch);
  const [name, parent] = [path.at(-1), path.slice(0, -1)];
  return name === undefined ? text : setMembers(text, parent, { [name]: patch });
}

function edited(text: string, start: number, patch: Readonly<Record<string, unknown>>): string {
  const missing = new Map(
    Object.entries(patch).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  const there = members(text, start);
  const values = new Map(missing);
  const parts: string[] = [];
  let from = 0;
  for (const { name, valueStart, valueEnd } of there) {
    const value = values.get(name);
    if (value === undefined) continue;
    parts.push(text.slice(from, valueStart), value);
    from = valueEnd;
    missing.delete(name);
  }
  const end = there.at(-1)?.valueEnd ?? start + 1;
  const added = [...missing].map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  const comma = there.length > 0 && added.length > 0 ? ',' : '';
  return `${parts.join('')}${text.slice(from, end)}${comma}${added.join(',')}${text.slice(end)}`;
}
