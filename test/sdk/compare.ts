/** Compares two requests and their answers, field by field. */

export interface Difference {
  readonly field: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Headers of the connection, and those in which a client names itself. */
const ofConnection = /^(host|connection|content-length|user-agent|x-stainless-.*)$/;

/** Every leaf of the two, by its path; what only one side has is a difference. */
export function compare(
  ours: Readonly<Record<string, unknown>>,
  theirs: Readonly<Record<string, unknown>>,
): { readonly compared: number; readonly differences: readonly Difference[] } {
  const [own, other] = [new Map(leaves(ours)), new Map(leaves(theirs))];
  const fields = [...new Set([...own.keys(), ...other.keys()])].filter(
    (field) => !isLeftOut(field),
  );
  const differences = fields
    .map((field) => ({ field, ours: own.get(field), theirs: other.get(field) }))
    .filter((one) => one.ours !== one.theirs);
  return { compared: fields.length, differences };
}

function isLeftOut(field: string): boolean {
  const [, header] = /^headers\.(.*)$/.exec(field) ?? [];
  return header !== undefined && ofConnection.test(header);
}

function leaves(given: unknown, at = ''): [string, unknown][] {
  const value = textIn(given);
  if (typeof value !== 'object' || value === null) return [[at, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[at, JSON.stringify(value)]];
  return entries.flatMap(([name, inner]) => leaves(inner, at === '' ? name : `${at}.${name}`));
}

/** A list with one block of text is the text: Anthropic's messages take either. */
function textIn(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 1) return value;
  const [block] = value as readonly Record<string, unknown>[];
  const isText = block?.['type'] === 'text' && Object.keys(block).length === 2;
  return isText ? block['text'] : value;
}
