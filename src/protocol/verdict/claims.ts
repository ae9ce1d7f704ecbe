/** Interprets single members of an output as verdicts about the action. */
import type { DecisionKind } from '../decision.ts';
import type { Dialect } from '../dialect.ts';
import { type JsonObject, valueAt } from '../json.ts';
import { quote } from './quote.ts';
import { type Flag, flagPaths, verdictPaths, wordPaths, words } from './spellings.ts';

/** The verdict of a value, or why the value cannot be interpreted. */
export interface Claim {
  readonly kind?: DecisionKind | undefined;
  readonly wrong?: string;
}

const flags: ReadonlyMap<string, Flag> = new Map(flagPaths.map((flag) => [flag.path, flag]));
const wordList = Object.keys(words).join(', ');

/** @returns undefined for a path that holds no verdict about the action. */
export function claimOf({ output }: Dialect, path: string, value: unknown): Claim | undefined {
  const flag = flags.get(path);
  if (flag !== undefined) {
    if (typeof value === 'boolean') return { kind: value ? flag.whenTrue : flag.whenFalse };
    return { wrong: `${path} is ${quote(JSON.stringify(value))}, not true or false` };
  }
  if (!wordPaths.has(path)) return undefined;
  const word = typeof value === 'string' && output.foldsWords ? value.toLowerCase() : value;
  if (typeof word === 'string' && Object.hasOwn(words, word)) return { kind: words[word] };
  return { wrong: `${path} is ${quote(JSON.stringify(value))}, not one of ${wordList}` };
}

/** Whether a value of `continue` counts as false, because the dialect uses truth values. */
export function isFalsyContinue({ output }: Dialect, value: unknown): boolean {
  return output.falsyContinue === true && (value === null || value === 0 || value === '');
}

/**
 * 0: the value rejects or ends the turn. 1: it asks. 2: anything milder, and values that cannot be
 * interpreted.
 */
export function strictness(dialect: Dialect, path: string, value: unknown): 0 | 1 | 2 {
  const isContinue = path === 'continue' || path === 'continue_';
  if (isContinue && value === false) return 0;
  if (path === 'continue' && isFalsyContinue(dialect, value)) return 0;
  const kind = claimOf(dialect, path, value)?.kind;
  return kind === 'block' ? 0 : kind === 'ask' ? 1 : 2;
}

/** The keys at which the paths of verdicts begin. */
const verdictKeys: ReadonlySet<string> = new Set(
  verdictPaths.map((path) => path.replace(/\..*/, '')),
);

/**
 * Whether a path of a verdict may lead into the object. Most of the objects in a text have none of
 * these keys: to look for each of the 15 paths takes 20 times as long.
 */
function hasVerdictKey(root: JsonObject): boolean {
  return Object.keys(root).some((key) => verdictKeys.has(key));
}

/** Whether the object rejects, in any spelling. */
export function saysNo(dialect: Dialect, root: JsonObject): boolean {
  if (!hasVerdictKey(root)) return false;
  return verdictPaths.some((path) => {
    const value = valueAt(root, path);
    return value !== undefined && strictness(dialect, path, value) === 0;
  });
}

/** Whether the keys of an object look like the output of a hook. */
export function hasVerdict(root: JsonObject): boolean {
  if (!hasVerdictKey(root)) return false;
  const isNested =
    Object.hasOwn(root, 'hookSpecificOutput') || Object.hasOwn(root, 'hook_specific_output');
  return isNested || verdictPaths.some((path) => valueAt(root, path) !== undefined);
}
