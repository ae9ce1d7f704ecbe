/**
 * Reads the files of a project from disk. No file outside of its folder is read, not even through a
 * link.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { agentFolders, pluginManifests } from '../agents/registry.ts';
import { isListed, listLimits, type ProjectFiles } from '../bundling/project-files.ts';
import { InvalidInputError, messageOf } from '../errors.ts';
import { type BundleFile, maxBundleBytes } from '../protocol/bundle.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';

/**
 * The project folder of a hooks file: its own folder, or the one above the dot-folder that it is in
 * (.claude/settings.json, .github/hooks/x.json, .kiro/agents/x.json). For a plugin's
 * hooks/hooks.json it is the plugin's folder.
 */
export function projectFolderOf(hooksFile: string): string {
  const folder = path.dirname(path.resolve(hooksFile));
  const above = path.dirname(folder);
  const isHooks = path.basename(folder) === 'hooks';
  const isPlugin = pluginManifests.some((name) => exists(path.join(above, name)));
  if (isHooks && isPlugin) return above;
  const isInner = isHooks || agentFolders.some((name) => folder.endsWith(`/${name}`));
  const hidden = [folder, ...(isInner ? [above] : [])].find((one) =>
    path.basename(one).startsWith('.'),
  );
  return hidden === undefined ? folder : path.dirname(hidden);
}

/**
 * @param workspaces the folders that the sandboxes of its hooks may read.
 * @throws InvalidInputError `INVALID_USAGE` when there is no such folder.
 */
export function openProject(folder: string, workspaces?: Pick<Workspaces, 'covers'>): ProjectFiles {
  const root = realFolder(folder);
  const lists = new Map<string, readonly string[]>();
  const list = (below: string) => {
    const found = lists.get(below) ?? listBelow(root, below);
    lists.set(below, found);
    return found;
  };
  return {
    folder: path.resolve(folder),
    home: homedir(),
    isMounted: workspaces?.covers(root),
    read: (name) => readInside(root, name),
    list,
  };
}

function realFolder(folder: string): string {
  try {
    const real = realpathSync(folder);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw new InvalidInputError(
      'INVALID_USAGE',
      `Cannot read the project ${folder}: ${messageOf(error)}.`,
      { cause: error },
    );
  }
  throw new InvalidInputError('INVALID_USAGE', `The project ${folder} is not a folder.`);
}

function readInside(root: string, name: string): BundleFile | undefined {
  const place = path.join(root, name);
  try {
    const real = realpathSync(place);
    const status = statSync(real);
    if (!status.isFile()) return undefined;
    if (!real.startsWith(root === '/' ? root : `${root}/`)) {
      throw new InvalidInputError(
        'INVALID_SCRIPT',
        `${name} is a link that leads out of the project, to ${real}.`,
      );
    }
    if (status.size > maxBundleBytes) {
      const text = `${name} has ${status.size} bytes; ${maxBundleBytes} are the most that are taken along.`;
      throw new InvalidInputError('TOO_LARGE', text);
    }
    return { path: name, executable: (status.mode & 0o111) !== 0, content: readFileSync(real) };
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(String(code))) return undefined;
    throw new InvalidInputError('INVALID_SCRIPT', `${name} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** Lists the highest files first, so that the limits cut a large tree at its leaves. */
function listBelow(root: string, folder: string): readonly string[] {
  const found: string[] = [];
  let folders = [folder];
  let entries = 0;
  for (let depth = 0; depth < listLimits.depth; depth++) {
    const listed = folders
      .flatMap((one) => entriesOf(root, one))
      .slice(0, listLimits.entries - entries);
    entries += listed.length;
    found.push(...listed.filter(({ isFile }) => isFile).map(({ name }) => name));
    folders = listed.filter(({ isFolder }) => isFolder).map(({ name }) => name);
  }
  return found;
}

interface Entry {
  /** Path relative to the project's folder. */
  readonly name: string;
  readonly isFile: boolean;
  readonly isFolder: boolean;
}

function entriesOf(root: string, folder: string): Entry[] {
  try {
    const entries = readdirSync(path.join(root, folder), { withFileTypes: true }).filter(
      ({ name }) => isListed(name),
    );
    return entries
      .map((entry) => ({
        name: path.posix.join(folder, entry.name),
        isFile: entry.isFile(),
        isFolder: entry.isDirectory(),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function exists(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false }) !== undefined;
}
