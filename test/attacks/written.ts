/** What a container has written to the disk of the host: its writable layer, and the engine's folder for it. */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Docker from 'dockerode';

interface Places {
  readonly GraphDriver?: { readonly Data?: { readonly UpperDir?: string } | null };
  readonly HostsPath?: string;
}

/** The folders of a container; undefined where they cannot be read from here. */
export async function diskOf(id: string): Promise<readonly string[] | undefined> {
  const inspected = (await new Docker()
    .getContainer(id)
    .inspect()
    .catch(() => undefined)) as Places | undefined;
  const layer = inspected?.GraphDriver?.Data?.UpperDir;
  const own = inspected?.HostsPath;
  if (layer === undefined || own === undefined) return undefined;
  try {
    readdirSync(layer);
    return [layer, path.dirname(own)];
  } catch {
    return undefined;
  }
}

/** Bytes that the folders take on the disk; one that is gone takes none. */
export function bytesBelow(folders: readonly string[]): number {
  return folders.flatMap(filesBelow).reduce((sum, bytes) => sum + bytes, 0);
}

function filesBelow(folder: string): number[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
      const file = lstatSync(path.join(folder, name));
      return file.isFile() ? file.blocks * 512 : 0;
    });
  } catch {
    return [];
  }
}
