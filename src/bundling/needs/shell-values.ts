/** Finds out which path a word of a shell text means, as far as that is told by the text. */
import { leadingVariable } from './variable.ts';

export interface ShellPlace {
  /** Folder of the script file, relative to the project's folder; undefined: no file. */
  readonly folder: string | undefined;
  /** Variables that hold the project's folder. */
  readonly folders: readonly string[];
}

/** Variables, one inside the other, that are followed. */
const maxSteps = 8;
/** Longer words are left as they are, so that many of one long value stay cheap. */
const maxLength = 1000;

const top = /^(?:\$\(|`)git rev-parse --show-toplevel(?: 2>\s?\/dev\/null)?[^)`]*[)`]/;
const workingFolder = /^(?:\$\(pwd(?: -P)?\)|`pwd`)/;
/** `$(cd "$X/.." && pwd)` and `$(dirname "$X")`. */
const derivedFolder =
  /^\$\((?:cd (?:-- )?"?(\$\{?[A-Za-z_]\w*\}?(?:\/[\w.@+-]+)*)"?(?: >\/dev\/null(?: 2>&1)?)? && pwd(?: -P)?|dirname (?:-- )?"?(\$\{?[A-Za-z_]\w*\}?)"?)\)/;
const ownName = /\$\{?(?:0|BASH_SOURCE)\b/;
const ownFolder = /^\$\{(?:0|BASH_SOURCE(?:\[0\])?)%\/\*\}/;

/**
 * @param values first value of each variable, as it is written.
 * @returns the word with a path of the sandbox at its start, or as far as it is known: other
 * variables stay.
 */
export function meantBy(word: string, values: ReadonlyMap<string, string>, place: ShellPlace) {
  let text = word;
  for (let step = 0; step < maxSteps && /^[$`]/.test(text); step++) {
    if (text.length > maxLength) break;
    const next = expanded(text, values, place);
    if (next === undefined) break;
    text = next;
  }
  return text;
}

function expanded(
  word: string,
  values: ReadonlyMap<string, string>,
  { folder, folders }: ShellPlace,
): string | undefined {
  const [root] = top.exec(word) ?? workingFolder.exec(word) ?? [];
  if (root !== undefined) return `/project${word.slice(root.length)}`;
  const here = folder === undefined ? undefined : ['/project', folder].filter(Boolean).join('/');
  const beside = here === undefined ? undefined : besideScript(word, here);
  if (beside !== undefined) return beside;
  const [derived, before = '', above = ''] = derivedFolder.exec(word) ?? [];
  if (derived !== undefined) return `${before || `${above}/..`}${word.slice(derived.length)}`;
  const { name = '', instead, length = 0 } = leadingVariable(word) ?? {};
  const isFolder = folders.includes(name) || name === 'PWD';
  const value = isFolder ? '/project' : (known[name] ?? values.get(name) ?? instead);
  return value === undefined ? undefined : value + word.slice(length);
}

/** Variables that a sandbox sets. */
const known: Readonly<Record<string, string>> = { HOME: '~', TMPDIR: '/tmp' };

/** `$(dirname "$0")`, `$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)` and the like. */
function besideScript(word: string, here: string): string | undefined {
  const [own] = ownFolder.exec(word) ?? [];
  if (own !== undefined) return `${here}${word.slice(own.length)}`;
  if (!word.startsWith('$(')) return undefined;
  const end = closingBracket(word);
  const inner = word.slice(2, end);
  if (end === -1 || !inner.includes('dirname') || !ownName.test(inner)) return undefined;
  const folders = inner.split('dirname').length - 2;
  const [, after = ''] =
    /\$\{?(?:0|BASH_SOURCE)[^)]{0,40}\)+"?((?:\/[\w.@+-]+)*)/.exec(inner) ?? [];
  return `${here}${'/..'.repeat(Math.min(folders, 16))}${after}${word.slice(end + 1)}`;
}

function closingBracket(word: string): number {
  let open = 0;
  for (let at = 1; at < word.length; at++) {
    if (word.charAt(at) === '(') open++;
    if (word.charAt(at) === ')') open--;
    if (open === 0) return at;
  }
  return -1;
}

/** The first value of every variable that the words assign. */
export function assignedIn(commands: readonly { readonly words: readonly string[] }[]) {
  const values = new Map<string, string>();
  for (const { words } of commands) {
    for (const word of words) {
      const [start, name = ''] = /^(\w+)=/.exec(word) ?? [];
      if (start === undefined) {
        if (!declaring.includes(word) && !word.startsWith('-')) break;
      } else if (!values.has(name)) values.set(name, word.slice(start.length));
    }
  }
  return values;
}

const declaring = ['export', 'local', 'declare', 'readonly', 'typeset'];
