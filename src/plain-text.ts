/**
 * Makes text of scripts, callers and files safe for a terminal: no control sequence in it takes
 * effect.
 */

/**
 * Control characters except tab and line feed, characters that change the direction of a line, and
 * those that end a line in some programs only.
 */
const unsafe = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const allUnsafe = new RegExp(unsafe, 'gu');
/** A first check that is ten times as fast, because most texts are plain ASCII. */
const unusual = /[^\n -~]/;
/** Code of the first of Unicode's pictures of the first 32 characters. */
const pictures = 0x2400;
const replacement = '\ufffd';

/**
 * Replaces every unsafe character by a visible one, such as ESC by ␛, and removes a carriage return
 * before a line feed.
 */
export function plainText(text: string): string {
  return isSafe(text) ? text : text.replaceAll('\r\n', '\n').replace(allUnsafe, toVisible);
}

/** Returns the same JSON with the unsafe characters of its strings escaped. */
export function plainJson(json: string): string {
  return isSafe(json) ? json : json.replace(allUnsafe, toEscape);
}

function isSafe(text: string): boolean {
  return !unusual.test(text) || !unsafe.test(text);
}

function toVisible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(pictures + code);
  return code === 0x7f ? '\u2421' : replacement;
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
