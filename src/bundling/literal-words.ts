/**
 * Splits a command that consists of literal words into the words that bash would pass to the
 * program, without bash.
 */
import { projectPath } from '../protocol/bundle.ts';
import { type Piece, piecesOf } from '../protocol/shell-pieces.ts';
import { leadingVariable } from './needs/variable.ts';

/**
 * @param folders variables that hold the project's folder.
 * @returns undefined when bash would do more than split the command.
 */
export function literalWords(command: string, folders: readonly string[]): string[] | undefined {
  const words: string[] = [];
  for (const pieces of piecesOf(command.trim()) ?? []) {
    let word = '';
    for (const piece of pieces) {
      const text = literalText(piece, folders);
      if (text === undefined) return undefined;
      word += text;
    }
    words.push(word);
  }
  return words.length === 0 ? undefined : words;
}

function literalText({ text, isVariable }: Piece, folders: readonly string[]): string | undefined {
  if (!isVariable) return text;
  const { name, length } = leadingVariable(text) ?? {};
  return length === text.length && folders.includes(String(name)) ? projectPath : undefined;
}
