/** Translates a path as a command writes it to a path relative to the project's folder. */
import { projectPath } from '../protocol/bundle.ts';
import type { ProjectFiles } from './project-files.ts';

export type Place = Pick<ProjectFiles, 'folder' | 'home'>;

/**
 * @param base folder inside the project from which relative paths start.
 * @returns the path relative to the project's folder, `''` for the folder itself; undefined when it
 * is outside.
 */
export function insideProject(
  written: string,
  base: string,
  { folder, home }: Place,
): string | undefined {
  const path = home !== undefined && /^~(\/|$)/.test(written) ? home + written.slice(1) : written;
  if (!path.startsWith('/')) return path.startsWith('~') ? undefined : join(base, path);
  const root = [projectPath, folder].find(
    (one) => one !== undefined && `${path}/`.startsWith(`${one}/`),
  );
  return root === undefined ? undefined : join('', path.slice(root.length));
}

/** @returns undefined when `..` leads out of the project. */
export function join(base: string, path: string): string | undefined {
  const names = base === '' ? [] : base.split('/');
  for (const name of path.split('/')) {
    if (name === '..' && names.pop() === undefined) return undefined;
    if (name !== '' && name !== '.' && name !== '..') names.push(name);
  }
  return names.join('/');
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Paths in the folder of a file, of the words that can be names. */
export function wordsBeside(path: string, words: readonly string[]): string[] {
  const names = words.filter((word) => /^[\w.-]+$/.test(word));
  return names.map((name) => [...path.split('/').slice(0, -1), name].join('/'));
}
