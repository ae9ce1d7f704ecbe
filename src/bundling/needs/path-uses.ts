/** The words of a shell command that name files, and whether it reads or writes them. */
import { calledBy } from '../called.ts';
import type { PathUse } from './path-facts.ts';
import type { ShellCommand } from './shell-part.ts';
import { leadingVariable } from './variable.ts';

/** Programs that read the files that they are given. */
const readers =
  /^(?:cat|head|tail|wc|sort|cmp|diff|stat|sha\d+sum|md5sum|source|\.|cd|mapfile|readarray)$/;
/** Programs whose first word is no file: a pattern or a program of its own. */
const withPattern = /^(?:[ef]?grep|sed|g?awk|jq)$/;
const tests = /^(?:test|\[|\[\[)$/;
const makers = /^(?:mkdir|touch|tee|cp|mv)$/;

export function usesOf(command: ShellCommand, meant: (word: string) => string): PathUse[] {
  const { words, redirects, line, isSure } = command;
  const uses: PathUse[] = [];
  for (const { operator, word } of redirects) {
    if (operator === '<<<' || /^(?:\d+|-)$/.test(word)) continue;
    uses.push({ word, path: meant(word), line, isSure, isWritten: operator.includes('>') });
  }
  const { program, given } = calledBy(words);
  const isWritten =
    makers.test(program) || (program === 'sed' && given.some((word) => /^-i/.test(word)));
  const isSourced = program === 'source' || program === '.';
  const own = programFile(given);
  for (const word of filesOf(program, given)) {
    if (isPathLike(word) || ((isSourced || word === own) && isFileName(word)))
      uses.push({ word, path: meant(word), line, isSure, isWritten, isSourced });
  }
  return uses;
}

function filesOf(program: string, given: readonly string[]): readonly string[] {
  if (tests.test(program))
    return given.filter((_, index) => /^-[defrsxL]$/.test(given[index - 1] ?? ''));
  const plain = given.filter((word) => word !== '' && !word.startsWith('-'));
  if (program === 'jq' && given.some((word) => /^--?(?:n|r?n|nr?|null-input|arg.*)$/.test(word)))
    return [];
  if (program === 'cp' || program === 'mv' || program === 'sed') return plain.slice(1).slice(-1);
  if (withPattern.test(program)) return programFile(given) === undefined ? plain.slice(1) : plain;
  return readers.test(program) || makers.test(program) ? plain : [];
}

/** A variable with or without a path after it, or a word that begins like a path. */
function isPathLike(word: string): boolean {
  const { length = 0 } = leadingVariable(word) ?? {};
  if (length > 0) return length === word.length || word.charAt(length) === '/';
  if (/^\$\{(?:0|BASH_SOURCE)[^}]{0,20}\}\//.test(word)) return true;
  if (/^(?:\$\(|`)/.test(word)) return /[)`](?:\/[^\s|]*)?$/.test(word);
  if (/\s/.test(word.replace(/\$\(.*\)/s, ''))) return false;
  return /^(?:~|\.{1,2})?\/|^[\w.@+-]+\/|^\.git$/.test(word);
}

/** The file of `jq -f file`, `awk -f file` and the like. */
function programFile(given: readonly string[]): string | undefined {
  const at = given.findIndex((one) => /^(?:-f|--(?:from-)?file)$/.test(one));
  return at === -1 ? undefined : given[at + 1];
}

/** A name that only a file has: `lib.sh`, `rules.json`. */
function isFileName(word: string): boolean {
  return /^[\w-]{1,100}\.(?:sh|bash|json|jq|awk|sed|txt|ya?ml|toml|conf|py)$/.test(word);
}
