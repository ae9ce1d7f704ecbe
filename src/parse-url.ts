/**
 * Parses an absolute URL; undefined for what is none. In the place of URL.canParse(), which in Node
 * 20.20 takes a text with one-byte characters beyond ASCII (`https://bücher.example/`) for none as
 * soon as the calling function is optimized: 1,994,188 of 2,000,000 calls.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
