/** Packs of states, as the supervisor writes them. */
export interface PackEntry {
  /** Bytes as latin1. */
  readonly path: string;
  readonly mode?: number;
  /** Undefined: a folder. */
  readonly content?: string | Uint8Array;
}

export function packOf(entries: readonly PackEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ path, mode, content }) => {
      const name = Buffer.from(path, 'latin1');
      const bytes = Buffer.from(content ?? '');
      const isFolder = content === undefined;
      const head = [
        mode ?? (isFolder ? 0o755 : 0o644),
        isFolder ? 1 : 0,
        name.length,
        bytes.length,
      ];
      return [Buffer.from(Uint32Array.from(head).buffer), name, bytes];
    }),
  );
}

/** The entries of a pack; contents as latin1. */
export function entriesOf(pack: Uint8Array): Record<string, string | null> {
  const bytes = Buffer.from(pack);
  const found: Record<string, string | null> = {};
  for (let at = 0; at < bytes.length; ) {
    const [, isFolder = 0, pathBytes = 0, contentBytes = 0] = [0, 4, 8, 12].map((offset) =>
      bytes.readUInt32LE(at + offset),
    );
    const path = bytes.toString('latin1', at + 16, at + 16 + pathBytes);
    at += 16 + pathBytes + contentBytes;
    found[path] = isFolder === 1 ? null : bytes.toString('latin1', at - contentBytes, at);
  }
  return found;
}
