/** Which parts of a shell text may fail without a consequence, because the text says so. */
import type { AndOr, ParsedScript, SyntaxNode } from 'unbash';
import { commandWords } from './shell-nodes.ts';

/** Behind these a failed command ends the text, or the text asks how a command ended. */
const asksForStatus =
  /\$\{?\?|\bPIPESTATUS\b|\bset[ \t]{1,9}(?:-[a-zA-Z]{0,20}e|-o[ \t]{1,9}errexit)/;

/** Whether a text may tolerate failures at its end, by `…; exit 0`. */
export function canEndWell(text: string): boolean {
  return !asksForStatus.test(text);
}

/** The list ends with `exit 0` whatever becomes of the statements before it. */
export function endsWell({ commands }: Pick<ParsedScript, 'commands'>): boolean {
  const last = commands.at(-1);
  return last !== undefined && succeeds(last.command);
}

/**
 * @returns true for `a || b || true`; false for another list with `||`, whose alternative may
 * reject; undefined where the list has none.
 */
export function toleratesFailures({ commands, operators }: AndOr): boolean | undefined {
  if (!operators.includes('||')) return undefined;
  const last = commands.at(-1);
  return operators.at(-1) === '||' && last !== undefined && succeeds(last);
}

/** `true`, `:` and `exit 0`. */
function succeeds(node: SyntaxNode): boolean {
  return node.type === 'Command' && /^(?:true|:|exit 0)$/.test(commandWords(node).join(' '));
}

/** Programs whose success says nothing: a command after `&&` still runs. */
const neutral =
  /^(?:cd|export|set|mkdir|cat|read|true|:|source|\.|echo|printf|shopt|umask|unset|declare|\w+=.*)$/s;

export function isNeutral(node: SyntaxNode): boolean {
  if (node.type === 'Pipeline') {
    const last = node.commands.at(-1);
    return node.prefixes.length === 0 && last !== undefined && isNeutral(last);
  }
  if (node.type !== 'Command') return false;
  return neutral.test(node.name?.value ?? commandWords(node)[0] ?? '');
}
