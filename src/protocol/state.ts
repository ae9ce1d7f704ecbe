/**
 * The state of a hook: what it left in /tmp, from one of its runs in a session to the next. The
 * supervisor packs it (sandbox-images/supervisor/state.c); for everybody else the pack is bytes
 * that are checked and handed on. Sandboxes, messages and stores are not trusted with it.
 */

/** The limits of a state. `bytes` counts the contents, the paths and 16 bytes for each entry. */
export const stateLimits = {
  bytes: 256 << 10,
  entries: 256,
  /** Folders inside each other. */
  depth: 16,
  pathBytes: 1024,
} as const;

/** The folder that the variable HOOKPOOL_STATE names, below /tmp. It is there before each run. */
const stateFolder = '.hookpool-state';

/** Why what a run left is not kept. */
export const stateRefusals = ['too-large', 'too-many', 'too-deep', 'unreadable'] as const;
export type StateRefusal = (typeof stateRefusals)[number];

/** What a run left. */
export interface LeftState {
  /** Empty: nothing. Undefined: it is not kept, see `refusal`. */
  readonly pack: Uint8Array | undefined;
  readonly refusal?: StateRefusal | undefined;
  /** Number of links, FIFOs, sockets and unreadable files that are not in the pack. */
  readonly leftOut: number;
}

/** `struct state_entry`: mode, is_folder, path_bytes, content_bytes. */
const entryBytes = 4 * 4;
const maxMode = 0o777;

interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly end: number;
}

/**
 * What is wrong with a pack, as words that complete "the state "; undefined when it can be written
 * into an empty folder: each path is new, stays inside, and comes after its folder.
 */
export function packProblem(pack: Uint8Array): string | undefined {
  if (pack.length > stateLimits.bytes) return `has ${pack.length} bytes`;
  /** Path -> whether it is a folder. */
  const known = new Map([[stateFolder, true]]);
  for (let at = 0; at < pack.length; ) {
    const entry = readEntry(pack, at);
    if (entry === undefined) return 'has a broken entry';
    if (known.size > stateLimits.entries) return 'has too many entries';
    const problem = pathProblem(entry, known);
    if (problem !== undefined) return problem;
    known.set(entry.path, entry.isFolder);
    at = entry.end;
  }
  return undefined;
}

function pathProblem(
  { path, isFolder }: Entry,
  known: ReadonlyMap<string, boolean>,
): string | undefined {
  const parts = path.split('/');
  const above = parts.slice(0, -1).join('/');
  if (path.includes('\0') || parts.some((part) => ['', '.', '..'].includes(part)))
    return 'has a path that leads out';
  if (parts.length > stateLimits.depth + (isFolder ? 0 : 1)) return 'is too deep';
  if (above !== '' && known.get(above) !== true) return 'has a file without its folder';
  return known.has(path) ? 'has a path twice' : undefined;
}

function readEntry(pack: Uint8Array, at: number): Entry | undefined {
  if (pack.length - at < entryBytes) return undefined;
  const view = new DataView(pack.buffer, pack.byteOffset + at, entryBytes);
  const numberAt = (offset: number) => view.getUint32(offset, true);
  const [mode, folder] = [numberAt(0), numberAt(4)];
  const [pathBytes, contentBytes] = [numberAt(8), numberAt(12)];
  const start = at + entryBytes;
  const end = start + pathBytes + contentBytes;
  if (mode > maxMode || folder > 1 || (folder === 1 && contentBytes > 0)) return undefined;
  if (pathBytes > stateLimits.pathBytes || end > pack.length) return undefined;
  const path = Buffer.from(pack.buffer, pack.byteOffset + start, pathBytes).toString('latin1');
  return { path, isFolder: folder === 1, end };
}
