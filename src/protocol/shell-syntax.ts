/**
 * Parses shell with unbash, the one reader of shell. unbash reads bash alone; what it does not
 * understand it repairs, and the tree lists an error for it. Its time grows with the text: 0.3 s for
 * the worst of 131,072 characters. Of what is nested deeper than 256 levels it reads nothing.
 */
import { type ParsedScript, parse } from 'unbash';

export { forEachChild, type SyntaxNode } from 'unbash';

/** The most characters of a text that are parsed. */
export const maxShellLength = 1 << 17;
/**
 * The most here-documents of a text, for which unbash takes 60 ms; 32,768 on one line take 9 s. Of
 * 2,015 public scripts the longest lists have 302.
 */
const maxDocuments = 1_000;

/** @returns undefined for a text that exceeds a limit. */
export function shellSyntax(text: string): ParsedScript | undefined {
  if (text.length > maxShellLength || text.split('<<', maxDocuments + 2).length > maxDocuments + 1)
    return undefined;
  try {
    return parse(text);
  } catch {
    // unbash is recursive, and the stack may end before the text does.
    return undefined;
  }
}
