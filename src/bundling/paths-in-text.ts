/** Paths of files that a text may mean, relative to the project's folder. */
import { join } from './inside.ts';

/** Maximum number of paths that are followed in the text of one file. */
const maxPaths = 300;

/** The folder itself and those above it, the project's last. */
export function foldersFrom(folder: string): string[] {
  const names = folder === '' ? [] : folder.split('/');
  return [...names.map((_, index) => names.slice(0, names.length - index).join('/')), ''];
}

/**
 * Candidates from the folder of the file and from the project's folder, as far as they stay in the
 * same top folder. A path that begins with a slash or dots follows a variable or a substitution,
 * which may hold any folder above the file: it is tried from all of them. Other words may be
 * patterns of a guard, and what they name is not taken along.
 */
export function pathsIn(text: string, folder: string): string[] {
  // Variables are removed; a path after them begins with a slash.
  const words = text.replace(/\$\{?\w+\}?/g, '').match(/[\w.@+/-]+/g) ?? [];
  const paths = [...new Set(words.flatMap(pathsInWord))].slice(0, maxPaths);
  const [top] = folder.split('/');
  const near = from([folder, ''], paths).filter((path) => path.startsWith(`${top}/`));
  const behind = paths.filter((path) => /^\.{0,2}\//.test(path));
  return [...near, ...from(foldersFrom(folder), behind).filter(isOpen)];
}

/** No name of the path is hidden, unless it is that of an agent's folder. */
export function isOpen(path: string): boolean {
  return !/(?:^|\/)\.(?!(?:claude|codex|gemini|cursor|github|agents|hooks)\/)/.test(path);
}

/**
 * Paths in `folder / "a" / "b.txt"` and `join(folder, "a", "b.txt")`: texts in quotes after a
 * slash, or in a call of `join`.
 */
export function joinedPathsIn(text: string): string[] {
  const sequence =
    /(?:\/|\bjoin\([^"'\n]{0,200},)\s{0,80}(["'][\w.@+-]{1,100}["'](?:\s{0,80}[,/]\s{0,80}["'][\w.@+-]{1,100}["']){0,8})/g;
  const found = [...text.matchAll(sequence)].map(([, texts = '']) =>
    [...texts.matchAll(/["']([\w.@+-]+)["']/g)].map(([, name]) => name).join('/'),
  );
  return [...new Set(found)].slice(0, maxPaths);
}

/** Paths below each of the folders; those that leave the project are left out. */
export function from(folders: readonly string[], paths: readonly string[]): string[] {
  const written = [...new Set(paths)].slice(0, maxPaths);
  const found = written.flatMap((path) => folders.map((folder) => join(folder, path)));
  return [...new Set(found.filter((path) => path !== undefined && path !== ''))] as string[];
}

/** Splits a word into paths whose names have single slashes between them. */
function pathsInWord(word: string): string[] {
  if (!word.includes('/')) return [];
  const parts = word.split('//').map((part, index) => (index === 0 ? part : `/${part}`));
  return parts.map((part) => part.replace(/\/$/, '')).filter((part) => part.includes('/'));
}
