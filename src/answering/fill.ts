/** Turns templates into the text that is printed. */

import type { Template } from '../agents/answer-table.ts';
import { isJsonObject } from '../protocol/json.ts';
import { wellFormed } from './text.ts';

/** The values of the placeholders, by their names without `$`. */
export type Holes = Readonly<Record<string, unknown>>;

/** @returns the template with its placeholders replaced */
export function fill(template: Template, holes: Holes): unknown {
  if (typeof template === 'string')
    return template.startsWith('$') ? holes[template.slice(1)] : template;
  if (typeof template === 'boolean') return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fill(value, holes)]),
  );
}

/**
 * Combines several templates into one: objects are merged, and of two other values the later one
 * wins.
 */
export function join(templates: readonly Template[]): Template | undefined {
  return templates.length === 0 ? undefined : templates.reduce(joinTwo);
}

export function toLine(value: unknown): string {
  return `${JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? wellFormed(inner) : inner))}\n`;
}

function joinTwo(first: Template, second: Template): Template {
  if (!isJsonObject(first) || !isJsonObject(second)) return second;
  const joined: Record<string, Template> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const there = joined[key];
    joined[key] = there === undefined ? value : joinTwo(there, value);
  }
  return joined;
}
