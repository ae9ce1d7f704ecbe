/** JSON with comments, as settings files of editors and agents have it. */
import { type ParseError, parseTree, stripComments } from 'jsonc-parser';
import { jsonDepth, maxJsonDepth } from '../json.ts';

/** Blanks in the place of comments, so that nothing moves. Text that is no JSON stays as it is: in YAML `//` is none. */
export function withoutComments(text: string): string {
  if (!/^\uFEFF?\s*[{/]/.test(text) || jsonDepth(text) > maxJsonDepth) return text;
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: true });
  return errors.length > 0 ? text : stripComments(text, ' ');
}
