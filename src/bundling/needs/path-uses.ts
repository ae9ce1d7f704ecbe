/** The words of a shell command that name files, and whether it reads or writes them. */
import { namesFile, type ShellCommand } from '../../protocol/shell-text.ts';
import { calledBy } from '../called.ts';
import type { PathUse } from './path-facts.ts';
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
  for (const { operator, word } of redirects.filter(namesFile))
    uses.push({ word, path: meant(word), line, isSure, isWritten: operator.includes('>') });
  const { program, given } = calledBy(words);
  const isWritten =
    makers.test(program) || (program === 'sed' && given.some((word) => /^-i/.test(word)));
  const isSourced = program === 'source' || program === '.';
  for (const word of filesOf(program, given)) {
    if (isPathLike(word))
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
  if (withPattern.test(program)) return plain.slice(1);
  return readers.test(program) || makers.test(program) ? plain : [];
}

/** A variable with or without a path after it, or a word that begins like a path. */
function isPathLike(word: string): boolean {
  const { length = 0 } = leadingVariable(word) ?? {};
  if (length > 0) return length === word.length || word.charAt(length) === '/';
  if (/^(?:\$\(|`)/.test(word)) return /[)`](?:\/[^\s|]*)?$/.test(word);
  if (/\s/.test(word.replace(/\$\(.*\)/s, ''))) return false;
  return /^(?:~|\.{1,2})?\/|^[\w.@+-]+\/|^\.git$/.test(word);
}
