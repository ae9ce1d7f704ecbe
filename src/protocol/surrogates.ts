/**
 * Escapes of half a UTF-16 pair in JSON text. JavaScript writes one when a text is cut inside an
 * emoji; jq 1.6 refuses the whole text for it, and a guard that does not notice sees nothing.
 */

const mayBeOne = /\\u[dD][89a-fA-F]/;
const escapeLength = 6;
const backslash = 0x5c;

export interface Repaired {
  readonly bytes: Uint8Array;
  /** The number of escapes that were replaced. */
  readonly replaced: number;
}

/**
 * Replaces each escape of a lone surrogate by that of U+FFFD, which is as long, and leaves every
 * other byte. Linear in the text; the bytes are only copied if one is replaced.
 * @param text the text of the bytes
 */
export function replaceLoneSurrogates(bytes: Uint8Array, text: string): Repaired {
  if (!mayBeOne.test(text)) return { bytes, replaced: 0 };
  let patched: Buffer | undefined;
  let replaced = 0;
  // In Latin-1 an index into the text is one into the bytes.
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const half = /\\u[dD](?:([89abAB])|[c-fC-F])[0-9a-fA-F]{2}/g;
  const lowHalf = /\\u[dD][c-fC-F][0-9a-fA-F]{2}/y;
  for (let found = half.exec(latin1); found !== null; found = half.exec(latin1)) {
    const { 1: high, index } = found;
    if (isEscaped(latin1, index)) continue;
    lowHalf.lastIndex = index + escapeLength;
    if (high !== undefined && lowHalf.test(latin1)) {
      half.lastIndex = index + 2 * escapeLength;
      continue;
    }
    patched ??= Buffer.from(bytes);
    patched.write('fffd', index + 2, 'latin1');
    replaced++;
  }
  return { bytes: patched ?? bytes, replaced };
}

/** Whether the backslash at the index is itself the end of an escape. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text.charCodeAt(start - 1) === backslash) start--;
  return (index - start) % 2 === 1;
}
