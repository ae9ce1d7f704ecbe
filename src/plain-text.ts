/** Text of scripts, callers and files made safe for a terminal: no control sequence of theirs reaches it. */

/**
 * Control characters but tab and line feed, what turns the direction of a line, and what ends it in some programs only.
 */
const unsafe = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const allUnsafe = new RegExp(unsafe, 'gu');
/** Ten times as fast: most texts have nothing but ASCII. */
const unusual = /[^\n -~]/;
/** Unicode has a picture of each of the first 32. */
const pictures = 0x2400;
const replacement = '\ufffd';

/** Every unsafe character becomes one that can be seen: ESC becomes ␛. A carriage return before a line feed goes. */
export function plainText(text: string): string {
  return isSafe(text) ? text : text.replaceAll('\r\n', '\n').replace(allUnsafe, toVisible);
}

/** The same JSON, in which the unsafe characters of its strings are escapes. */
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
