/** Regular expressions that name tools and nothing more: `Bash`, `Edit|Write`, `^mcp__github__.*$`. */
import { joinedByAnything, type Wildcard } from './wildcard.ts';

/** One of the alternatives: characters that stand for themselves, and `.*`. */
const alternative = /^\^?(?:[^\\^$.*+?()[\]{}|]|\.\*)*\$?$/;
const inGroup = /^(\^?)\((?:\?:)?([^()]*)\)(\$?)$/;

export interface Names {
  readonly exact: ReadonlySet<string>;
  /** Those with anything before, behind or between. */
  readonly wild: readonly Wildcard[];
}

/**
 * Tells what the expression tells of every text that has no line break, in a tenth of the time.
 * @param isWhole the expression must match the whole text; otherwise any part of it will do.
 * @returns undefined for an expression that says more.
 */
export function compileNames(source: string, isWhole: boolean): Names | undefined {
  const [, opening = '', inner = source, closing = ''] = inGroup.exec(source) ?? [];
  const alternatives = inner.split('|');
  if (!alternatives.every((one) => alternative.test(one))) return undefined;
  const exact = new Set<string>();
  const wild: Wildcard[] = [];
  for (const written of alternatives) {
    const parts = partsOf(`${isWhole ? '^' : opening}${written}${isWhole ? '$' : closing}`);
    if (parts.length === 1) exact.add(parts[0] as string);
    else wild.push(joinedByAnything(parts));
  }
  return { exact, wild };
}

/** What anything may stand between; empty at an end where anything may stand. */
function partsOf(written: string): readonly string[] {
  const parts = written.replaceAll(/[$^]/g, '').split('.*');
  return [...(written.startsWith('^') ? [] : ['']), ...parts, ...(written.endsWith('$') ? [] : [''])];
}
