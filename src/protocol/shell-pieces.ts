/** Reads a shell text that is one simple command of literal words and variables. */
import type { Word, WordPart } from 'unbash';
import { shellSyntax } from './shell-syntax.ts';

/** A part of a word. */
export interface Piece {
  /** What the program gets, or a variable as it is written. */
  readonly text: string;
  readonly isVariable: boolean;
}

/**
 * Characters that are literal outside quotes, and those behind a backslash; every other one may
 * have a meaning to bash.
 */
const plain = /^(?:[\w@%+:,./=-]|\\.)*$/s;

/**
 * @returns the pieces of each word; undefined when bash would do more than expand variables and
 * start the command.
 */
export function piecesOf(text: string): Piece[][] | undefined {
  const root = shellSyntax(text);
  const [statement] = root?.commands ?? [];
  if (root === undefined || root.errors !== undefined || statement === undefined) return undefined;
  const { command } = statement;
  // A comment, `;`, `&` and another command stand outside of the command.
  if (command.type !== 'Command' || command.pos > 0 || command.end < text.length) return undefined;
  const { name, prefix, suffix } = command;
  if (name === undefined || prefix.length > 0) return undefined;
  const words: Piece[][] = [];
  for (const word of [name, ...suffix]) {
    const pieces = word.type === 'Word' ? wordPieces(text, word) : undefined;
    if (pieces === undefined) return undefined;
    words.push(pieces);
  }
  return words;
}

function wordPieces(text: string, word: Word): Piece[] | undefined {
  if (word.parts === undefined) {
    const isPlain = plain.test(text.slice(word.pos, word.end));
    return isPlain ? [{ text: word.value, isVariable: false }] : undefined;
  }
  const pieces: Piece[] = [];
  for (const part of word.parts) {
    const isQuoted = part.type === 'DoubleQuoted';
    for (const inner of isQuoted ? part.parts : [part]) {
      const piece = pieceOf(inner, isQuoted);
      if (piece === undefined) return undefined;
      pieces.push(piece);
    }
  }
  return pieces;
}

function pieceOf(part: WordPart, isQuoted: boolean): Piece | undefined {
  switch (part.type) {
    case 'Literal':
      return isQuoted || plain.test(part.text)
        ? { text: part.value, isVariable: false }
        : undefined;
    case 'SingleQuoted':
      return { text: part.value, isVariable: false };
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return { text: part.text, isVariable: true };
    default:
      return undefined;
  }
}
