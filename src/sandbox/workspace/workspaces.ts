/** Finds the workspace of an event: the folder of the operator in which the agent works. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readFile, readlink, realpath } from 'node:fs/promises';
import { SandboxError } from '../../errors.ts';
import { shown } from '../../protocol/shown.ts';
import type { WorkspacePlace } from '../../protocol/workspace-start.ts';
import { mountsBelow } from './mount-table.ts';
import { isInside, maxPathBytes, type Root, readRoots } from './roots.ts';

/** The place of an event, or why it has none: a sentence. */
export type Found =
  | { readonly place: WorkspacePlace; readonly id: string }
  | { readonly missing: string };

/** What tells a folder from all others, as `stat` reports it. */
export interface FolderIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  /** The kernel sets it at every change of the folder, and nobody can choose it. */
  readonly changedNs: bigint;
}

/** A folder that stays open, so that no other one can get its identity meanwhile. */
export interface HeldFolder extends FolderIdentity {
  close(): Promise<void>;
}

/** The mount of a sandbox keeps the inode, so that no later folder gets its number. */
export function folderId({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

/** Other users may list and enter: jobs run as a user who owns no file. */
const readableByAll = 0o005n;

export class Workspaces {
  readonly #roots: readonly Root[];

  /** @throws InvalidInputError `INVALID_CONFIG`; see readRoots() */
  constructor(written: readonly string[]) {
    this.#roots = readRoots(written);
  }

  /** The roots, the innermost first. */
  get roots(): readonly Root[] {
    return this.#roots;
  }

  /**
   * @param folder the folder in which the agent works, as the event names it: it is looked up, and
   * no part of it becomes a mount. The answer tells nothing of folders outside of the roots.
   */
  async find(folder: string | undefined): Promise<Found> {
    if (folder === undefined || folder === '')
      return { missing: 'The event names no folder in which the agent works.' };
    const cwd = await realFolder(folder);
    const path = cwd === undefined ? undefined : this.#workspaceOf(cwd);
    if (cwd === undefined || path === undefined)
      return { missing: `${shown(folder)} is in no folder that --workspace allows.` };
    const missing = await whyNot(path);
    if (missing !== undefined) return { missing };
    const id = await lstat(path, { bigint: true }).then(folderId, () => '');
    return { place: { workspace: path, cwd }, id };
  }

  /** Whether a real path lies in a workspace. */
  covers(real: string): boolean {
    return this.#workspaceOf(real) !== undefined;
  }

  /** Whether a path is that of a workspace, letter by letter. */
  async has(path: string): Promise<boolean> {
    return this.#workspaceOf(path) === path && (await realFolder(path)) === path;
  }

  /**
   * Opens a workspace, so that a mount of it can be compared with what it was.
   * @throws SandboxError `WORKSPACE_FAILED` when the path is no workspace any more
   */
  async hold(path: string): Promise<HeldFolder> {
    if (!(await this.has(path)) || (await whyNot(path)) !== undefined) throw gone(path);
    const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
    const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((cause) => {
      throw gone(path, { cause });
    });
    try {
      // The kernel's own path of the open folder: a link that was put into the way shows here.
      if ((await pathOf(handle, path)) !== path) throw gone(path);
      const { dev, ino, ctimeNs } = await handle.stat({ bigint: true });
      return { device: dev, inode: ino, changedNs: ctimeNs, close: () => handle.close() };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The workspace that holds a real path: of several roots the innermost. */
  #workspaceOf(real: string): string | undefined {
    const root = this.#roots.find((one) => isInside(real, one.path));
    if (root === undefined || !root.each) return root?.path;
    const [name] = real.slice(root.path.length + 1).split('/');
    return name === undefined || name === '' ? undefined : `${root.path}/${name}`;
  }
}

/** The real path of a folder; undefined when there is none, whatever the reason. */
async function realFolder(folder: string): Promise<string | undefined> {
  if (!folder.startsWith('/') || folder.includes('\0') || !folder.isWellFormed()) return undefined;
  if (Buffer.byteLength(folder) > maxPathBytes) return undefined;
  try {
    const real = await realpath(folder);
    return (await lstat(real)).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Why a workspace cannot be mounted now, as a sentence; undefined when it can. */
async function whyNot(path: string): Promise<string | undefined> {
  const mode = await lstat(path, { bigint: true }).then(
    (seen) => seen.mode,
    () => undefined,
  );
  if (mode === undefined) return `${path} is not there any more.`;
  if ((mode & readableByAll) !== readableByAll)
    return `${path} is closed to other users, and a sandbox is one: chmod o+rx lets it in.`;
  const below = mountsBelow(await mountTable(), path);
  if (below === undefined) return undefined;
  return `${path} has another file system below it, at ${shown(below)}, which no sandbox can see: unmount it, or allow a folder without it.`;
}

/** The mounts of this process; without /proc none are known. */
function mountTable(): Promise<string> {
  return readFile('/proc/self/mountinfo', 'latin1').catch(() => '');
}

/** The path of an open folder; where /proc is missing, the path by which it was opened. */
function pathOf({ fd }: FileHandle, path: string): Promise<string> {
  return readlink(`/proc/self/fd/${fd}`).catch(() => path);
}

export function gone(path: string, options?: ErrorOptions): SandboxError {
  return new SandboxError('WORKSPACE_FAILED', `${path} is no workspace any more.`, options);
}
