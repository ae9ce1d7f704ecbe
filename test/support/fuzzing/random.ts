/** Random numbers that depend only on the seed, on every machine. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  /** A whole number; each order of magnitude is equally likely. */
  readonly size: (least: number, most: number) => number;
}

/** Marsaglia's xorshift, seeded with the hash of the words. */
export function random(...words: readonly (string | number)[]): Random {
  let state = hashOf(words.join(' ')) || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 8; warmUp += 1) next();
  return {
    below: (limit) => Math.floor(next() * limit),
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T,
    size: (least, most) => Math.floor(least * (most / least) ** next()),
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
