/** Finds verdicts that are not read: their names are misspelt, or mean nothing where they stand. */
import type { Dialect } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { flagPaths, inputPaths, knownPaths, textPaths, wordPaths } from './spellings.ts';

/** Names that reject with true. */
const yesNames = new Set(
  [
    ...flagPaths.filter((flag) => flag.whenTrue === 'block' || flag.whenTrue === 'ask'),
    { path: 'block' },
  ].map(({ path }) => folded(path)),
);
/** Names that reject with a word, or with false. */
const noNames = new Set([...wordPaths, 'ok', 'continue'].map(folded));
const yes = /^\s*(?:true|yes|1)\s*$/i;
/** An ask is one of them, because it does not let the action go ahead either. */
const no =
  /^\s*(?:block|blocked|deny|denied|reject|rejected|refuse|refused|forbid|forbidden|stop|ask|defer|no|false|0)\s*$/i;
/** Members with a tool's result, or with rules for later calls, in the output of any agent. */
const dataNames = [
  'updatedToolOutput',
  'updatedMCPToolOutput',
  'updatedToolResponse',
  'toolResponse',
  'modifiedResult',
];
const ruleNames = ['updatedPermissions'];
/**
 * Members whose own members are no verdicts about this action: inputs and results of tools,
 * contexts, rules.
 */
const quotingNames = new Set(
  [...inputPaths, ...textPaths.additionalContext, ...dataNames, ...ruleNames].map(folded),
);

/**
 * The path of a member that may be an intended rejection, though no dialect reads it there. The
 * object is within the limits of an output.
 */
export function unreadVerdict(dialect: Dialect, root: JsonObject): string | undefined {
  return unreadIn(dialect, root, '', '');
}

function unreadIn(
  dialect: Dialect,
  value: object,
  name: string,
  prefix: string,
): string | undefined {
  for (const [key, member] of Object.entries(value)) {
    // The members of a list have the list's name.
    const named = Array.isArray(value) ? name : key;
    // A key with a dot inside would look like a path that is not there.
    const path = prefix + (key.includes('.') ? JSON.stringify(key) : key);
    const found = unreadAt(dialect, member, named, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unreadAt(
  dialect: Dialect,
  member: unknown,
  name: string,
  path: string,
): string | undefined {
  const { extra, contextKeys } = dialect.output;
  if (Object.hasOwn(extra, path) || contextKeys.includes(path)) return undefined;
  if (typeof member === 'object' && member !== null) {
    return isQuoting(dialect, folded(name))
      ? undefined
      : unreadIn(dialect, member, name, `${path}.`);
  }
  return !knownPaths.has(path) && mayReject(name, String(member)) ? path : undefined;
}

function isQuoting({ toolInput }: Dialect, name: string): boolean {
  return quotingNames.has(name) || toolInput.some((path) => folded(path) === name);
}

function mayReject(name: string, value: string): boolean {
  return (
    (yes.test(value) && yesNames.has(folded(name))) || (no.test(value) && noNames.has(folded(name)))
  );
}

/** The last step of a path, of which only letters and digits count, in any case. */
function folded(path: string): string {
  return path
    .slice(path.lastIndexOf('.') + 1)
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
