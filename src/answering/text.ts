/** Prepares the texts of hooks for the agents' parsers. */

/**
 * Claude Code and Codex pass on texts of this length in full; every agent's limit for a hook's
 * stdout is far larger.
 */
const maxTextChars = 30_000;

/**
 * Truncates a text and replaces lone surrogates: a parser in Rust rejects the whole output for one,
 * and truncation can create one.
 */
export function fitText(text: string): string {
  const cut = text.length > maxTextChars ? `${text.slice(0, maxTextChars)}…` : text;
  return wellFormed(cut);
}

export function wellFormed(text: string): string {
  return text.toWellFormed();
}

/**
 * Whether a text has a visible character. Agents trim by different rules and treat a blank reason
 * as no reason.
 */
export function isVisible(text: string | undefined): text is string {
  return text !== undefined && /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);
}

/**
 * Makes a text safe to print: a terminal shows it, and Gemini CLI would take a text that is JSON
 * for the hook's own decision.
 */
export function plainText(text: string): string {
  const printable = text.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');
  return isJson(printable) ? `hookpool: ${printable}` : printable;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
