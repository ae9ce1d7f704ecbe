/** Combines the extra fields of several hooks, which only some events of a dialect have. */
import type { HookResult } from '../decision.ts';
import type { Dialect } from '../dialect.ts';
import { isJsonObject, ownProperty } from '../json.ts';
import type { Keep } from '../output-rules.ts';
import { isGiven } from './combine-rewrites.ts';

/** @returns undefined where no hook returned any. */
export function combineExtras(
  { output }: Dialect,
  results: readonly HookResult[],
): Readonly<Record<string, unknown>> | undefined {
  const given = results.flatMap((result) => (result.extra === undefined ? [] : [result.extra]));
  if (given.length === 0) return undefined;
  const values = (name: string) =>
    given.flatMap((extra) => (Object.hasOwn(extra, name) ? [extra[name]] : []));
  const there = Object.values(output.extra).filter(({ name }) => values(name).length > 0);
  return Object.fromEntries(there.map(({ name, keep }) => [name, keepers[keep](values(name))]));
}

/** `values` has at least one element, in the order of the hooks. */
const keepers: Readonly<Record<Keep, (values: readonly unknown[]) => unknown>> = {
  first: (values) => values.find((value) => isGiven(value) && value !== ''),
  last: (values) => values.findLast(isGiven),
  merge: (values) =>
    values.every(isJsonObject) ? Object.fromEntries(values.flatMap(Object.entries)) : values.at(-1),
  any: (values) => values.includes(true) || values.at(-1),
  tools: chosenTools,
};

/**
 * Gemini CLI's choice of tools: hooks can only add tools, but the mode NONE of one hook removes all
 * of them. The names are sorted, as upstream does it.
 */
function chosenTools(values: readonly unknown[]): unknown {
  const modes = values.map((value) => ownProperty(value, 'mode'));
  const names = values.map((value) => ownProperty(value, 'allowedFunctionNames'));
  const all = new Set(
    names.flatMap((list) =>
      Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [],
    ),
  );
  if (modes.includes('NONE')) return { mode: 'NONE', allowedFunctionNames: [] };
  return {
    mode: modes.includes('ANY') ? 'ANY' : 'AUTO',
    allowedFunctionNames: [...all].toSorted(),
  };
}
