/**
 * Splits a command that consists of literal words into the words that bash would pass to the
 * program, without bash.
 */
import { projectPath } from '../protocol/bundle.ts';
import { leadingVariable } from './needs/variable.ts';

/** Characters that are literal outside quotes; every other one may have a meaning to bash. */
const plain = /[\w@%+:,./=-]/;
const keywords =
  /^(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|function|select|time|coproc)$/;

/**
 * @param folders variables that hold the project's folder.
 * @returns undefined when bash would do more than split the command.
 */
export function literalWords(command: string, folders: readonly string[]): string[] | undefined {
  const words: string[] = [];
  let rest = command.trim();
  while (rest !== '') {
    const word = takeWord(rest, folders);
    if (word === undefined) return undefined;
    words.push(word.text);
    rest = word.rest.replace(/^(?:[ \t]|\\\n)+/, '');
  }
  const [program] = words;
  if (program === undefined || program.includes('=') || keywords.test(program)) return undefined;
  return words;
}

interface Word {
  readonly text: string;
  readonly rest: string;
}

function takeWord(start: string, folders: readonly string[]): Word | undefined {
  let text = '';
  let rest = start;
  while (rest !== '' && !/^[ \t]|^\\\n/.test(rest)) {
    const part = takePart(rest, folders);
    if (part === undefined) return undefined;
    text += part.text;
    rest = part.rest;
  }
  return { text, rest };
}

function takePart(rest: string, folders: readonly string[]): Word | undefined {
  const char = rest.charAt(0);
  if (plain.test(char)) return { text: char, rest: rest.slice(1) };
  if (char === '\\' && rest.length > 1) return { text: rest.charAt(1), rest: rest.slice(2) };
  if (char === '$') return takeFolder(rest, folders);
  if (char === "'") {
    const end = rest.indexOf("'", 1);
    return end === -1 ? undefined : { text: rest.slice(1, end), rest: rest.slice(end + 1) };
  }
  return char === '"' ? takeQuoted(rest.slice(1), folders) : undefined;
}

function takeQuoted(start: string, folders: readonly string[]): Word | undefined {
  let text = '';
  let rest = start;
  while (rest !== '') {
    const char = rest.charAt(0);
    if (char === '"') return { text, rest: rest.slice(1) };
    if (char === '`') return undefined;
    const escaped = /^\\[$`"\\]/.test(rest);
    const part =
      char === '$'
        ? takeFolder(rest, folders)
        : { text: rest.charAt(escaped ? 1 : 0), rest: rest.slice(escaped ? 2 : 1) };
    if (part === undefined) return undefined;
    text += part.text;
    rest = part.rest;
  }
  return undefined;
}

function takeFolder(rest: string, folders: readonly string[]): Word | undefined {
  const { name, length = 0 } = leadingVariable(rest) ?? {};
  return folders.includes(String(name))
    ? { text: projectPath, rest: rest.slice(length) }
    : undefined;
}
