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

/** Longer words are no paths; below it the patterns may go through a word once per character. */
const maxLength = 2000;

export function usesOf(command: ShellCommand, meant: (word: string) => string): PathUse[] {
  const { words, redirects, line, isSure } = command;
  const uses: PathUse[] = [];
  for (const { operator, word } of redirects.filter(namesFile))
    uses.push({
      word,
      path: meant(word),
      line,
      isSure,
      isWritten: operator.includes('>'),
      isAppended: operator.includes('>>'),
    });
  const { program, given } = calledBy(words);
  const isWritten =
    makers.test(program) || (program === 'sed' && given.some((word) => /^-i/.test(word)));
  const isAppended = program === 'tee' && given.some((one) => /^(?:-[ip]*a|--append)/.test(one));
  const isSourced = program === 'source' || program === '.';
  const own = programFile(given);
  const named = program === 'for' ? globsOf(given) : filesOf(program, given);
  for (const word of named) {
    const isNamed = isSourced && /^[\w.@+-]+$/.test(word);
    if (isPathLike(word) || isNamed || (word === own && isFileName(word)))
      uses.push({ word, path: meant(word), line, isSure, isWritten, isAppended, isSourced });
  }
  return uses;
}

/** `for file in config/*.txt`: other words of a loop may be anything. */
function globsOf(given: readonly string[]): readonly string[] {
  return given[1] === 'in' ? given.slice(2).filter((word) => /[*?[]/.test(word)) : [];
}

function filesOf(program: string, given: readonly string[]): readonly string[] {
  if (tests.test(program))
    return given.filter((_, index) => /^-[defrsxL]$/.test(given[index - 1] ?? ''));
  const plain = given.filter((word) => word !== '' && !word.startsWith('-'));
  if (program === 'source' || program === '.') return plain.slice(0, 1);
  if (program === 'jq' && given.some((word) => /^--?(?:n|r?n|nr?|null-input|arg.*)$/.test(word)))
    return [];
  if (program === 'cp' || program === 'mv' || program === 'sed') return plain.slice(1).slice(-1);
  if (withPattern.test(program)) return withoutPattern(given);
  return readers.test(program) || makers.test(program) ? plain : [];
}

/** `-f FILE` reads the patterns or the program from a file, and `-e` stands before a pattern. */
function withoutPattern(given: readonly string[]): string[] {
  const fromFile = /^-[A-Za-z]*f$|^--(?:from-)?file$/;
  const ofOption = /^-[A-Za-z]*[ef]$|^--(?:regexp|(?:from-)?file)$/;
  const files = given.filter((_, index) => fromFile.test(given[index - 1] ?? ''));
  for (const word of given) {
    const [, file] = /^--(?:from-)?file=(.+)$/s.exec(word) ?? [];
    if (file !== undefined) files.push(file);
  }
  const isInOption = given.some((word) => ofOption.test(word) || /^--\w+=/.test(word));
  const rest = given.filter(
    (word, index) => word !== '' && !word.startsWith('-') && !ofOption.test(given[index - 1] ?? ''),
  );
  return [...files, ...(isInOption ? rest : rest.slice(1))];
}

/** A variable with or without a path after it, or a word that begins like a path. */
function isPathLike(word: string): boolean {
  if (word.length > maxLength) return false;
  const { length = 0 } = leadingVariable(word) ?? {};
  if (length > 0) return length === word.length || word.charAt(length) === '/';
  if (/^\$\{(?:0|BASH_SOURCE)[^}]{0,20}\}\//.test(word)) return true;
  if (/^(?:\$\(|`)/.test(word)) return /[)`](?:\/[^\s|]*)?$/.test(word);
  if (/\s/.test(word.replace(/\$\(.*\)|\$\{[^{}]*\}|`[^`]*`/gs, ''))) return false;
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
