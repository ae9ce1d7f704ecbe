/** Texts of hooks, made fit for the readers of agents. */

/** Claude Code and Codex hand on this much whole; no agent's limit for a hook's stdout is near. */
const maxTextChars = 30_000;

/** Half of a surrogate pair voids the whole output for a reader in Rust; a lone half can also come from the cut. */
export function fitText(text: string): string {
  const cut = text.length > maxTextChars ? `${text.slice(0, maxTextChars)}…` : text;
  return wellFormed(cut);
}

export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

/** Agents trim by different rules and take a blank reason for none: only a text with a visible character is one. */
export function isVisible(text: string | undefined): text is string {
  return text !== undefined && /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);
}

/** A terminal shows it, and Gemini CLI would take a text that is JSON for the hook's own decision. */
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
