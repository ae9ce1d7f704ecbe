/**
 * Edits that add text to a file and take none away, so that whatever else stands in it stays as it
 * is, byte for byte.
 */

export interface Insertion {
  /** Index into the text before any of the insertions. */
  readonly offset: number;
  readonly text: string;
}

/** @param insertions sorted by their offsets. */
export function inserted(text: string, insertions: readonly Insertion[]): string {
  const parts: string[] = [];
  let behind = 0;
  for (const { offset, text: added } of insertions) {
    parts.push(text.slice(behind, offset), added);
    behind = offset;
  }
  return parts.join('') + text.slice(behind);
}

/** How the lines of a file end and how far each level of it is indented. */
export interface Style {
  readonly eol: string;
  readonly unit: string;
}

/** A longer indentation aligns text, and is no level. */
const widestUnit = 8;

export function styleOf(text: string): Style {
  const [, unit = ''] = /\n([ \t]+)\S/.exec(text) ?? [];
  const isLevel = unit.length > 0 && unit.length <= widestUnit;
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', unit: isLevel ? unit : '  ' };
}

/** The blanks at the start of the line that an offset is in. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return String(/^[ \t]*/.exec(text.slice(start, offset))?.[0]);
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** `value` below the keys of a path, as one value. */
export function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}
