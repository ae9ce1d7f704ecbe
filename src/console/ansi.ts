/** Colours of terminals in the output of scripts, as pieces of text with names of classes. */

export interface Piece {
  readonly text: string;
  /** Such as `ansi-red ansi-bold`; empty: none. */
  readonly style: string;
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const escapeCharacter = '\u001b';
/** What follows the escape character: a CSI sequence, an OSC sequence and its end, or one character. */
const sequence = /^(?:\[([0-9;:?]{0,64})([@-~])|\][^\p{Cc}]{0,256}\p{Cc}?|[^[\]])/u;
/** Control characters but line feed and tab, and marks that turn the direction of a text around. */
const invisible = /(?![\n\t])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Splits a text at its escape sequences. Those that are no colours are dropped. */
export function ansiPieces(text: string): Piece[] {
  let style: ReadonlySet<string> = new Set();
  return text.split(escapeCharacter).flatMap((part, at) => {
    const match = at === 0 ? null : sequence.exec(part);
    if (match?.[2] === 'm') style = restyled(style, match[1] ?? '');
    const shown = visible(part.slice(match?.[0].length ?? 0));
    return shown === '' ? [] : [{ text: shown, style: [...style].join(' ') }];
  });
}

/** Shows what cannot be seen as `\u{202e}`. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(invisible, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`);
}

function restyled(before: ReadonlySet<string>, parameters: string): Set<string> {
  const style = new Set(before);
  const codes = parameters.split(/[;:]/).map(Number);
  // 38 and 48 are followed by a colour of a palette, which is not drawn.
  const end = codes.findIndex((code) => code === 38 || code === 48);
  for (const code of end === -1 ? codes : codes.slice(0, end)) restyle(style, code);
  return style;
}

function restyle(style: Set<string>, code: number): void {
  const colour = colours[code >= 90 ? code - 90 : code - 30];
  if (code === 0) style.clear();
  if (code === 1) style.add('ansi-bold');
  if (code === 22) style.delete('ansi-bold');
  if (code !== 39 && colour === undefined) return;
  for (const one of colours) style.delete(`ansi-${one}`);
  if (colour !== undefined) style.add(`ansi-${colour}`);
}
