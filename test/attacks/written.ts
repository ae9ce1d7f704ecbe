/**
 * What a container has written to the disk of the host: its writable layer, its image, and the
 * engine's folder for it.
 */
import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Docker from 'dockerode';

interface Places {
  readonly GraphDriver?: {
    readonly Data?: { readonly UpperDir?: string; readonly LowerDir?: string } | null;
  };
  readonly HostsPath?: string;
}

/** The folders that a container writes to; undefined where they cannot be read from here. */
export async function diskOf(id: string): Promise<readonly string[] | undefined> {
  const inspected = await placesOf(id);
  const layer = inspected?.GraphDriver?.Data?.UpperDir;
  const own = inspected?.HostsPath;
  return layer === undefined || own === undefined
    ? undefined
    : readable([layer, path.dirname(own)]);
}

/** The folders that make up the root file system of a container, its own first. */
export async function layersOf(id: string): Promise<readonly string[] | undefined> {
  const layers = (await placesOf(id))?.GraphDriver?.Data;
  if (layers?.UpperDir === undefined || layers.LowerDir === undefined) return undefined;
  return readable([layers.UpperDir, ...layers.LowerDir.split(':')]);
}

/**
 * Of all that lies below: path, kind, mode, owner, size, time of the last change. A folder that is
 * gone has nothing.
 */
export function fingerprintOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of [...namesBelow(folder)].toSorted()) {
    const { mode, uid, gid, size, mtimeMs } = lstatSync(path.join(folder, name));
    hash.update(`${name}\0${mode} ${uid} ${gid} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

async function placesOf(id: string): Promise<Places | undefined> {
  const inspecting = new Docker().getContainer(id).inspect();
  return (await inspecting.catch(() => undefined)) as Places | undefined;
}

function readable(folders: readonly string[]): readonly string[] | undefined {
  try {
    for (const folder of folders) readdirSync(folder);
    return folders;
  } catch {
    return undefined;
  }
}

/** Without following a link: readdir's own recursion does. */
function* namesBelow(folder: string, within = ''): Generator<string> {
  for (const entry of entriesOf(path.join(folder, within))) {
    const name = path.join(within, entry.name);
    yield name;
    if (entry.isDirectory()) yield* namesBelow(folder, name);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Bytes that the folders take on the disk; one that is gone takes none. */
export function bytesBelow(folders: readonly string[]): number {
  return folders.flatMap(filesBelow).reduce((sum, bytes) => sum + bytes, 0);
}

function filesBelow(folder: string): number[] {
  return [...namesBelow(folder)].map((name) => {
    const file = lstatSync(path.join(folder, name), { throwIfNoEntry: false });
    return file?.isFile() ? file.blocks * 512 : 0;
  });
}
