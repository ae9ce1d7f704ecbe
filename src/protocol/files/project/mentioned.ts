/** Which files go along with those that a command names: what their own texts mention, and so on. */
import type { BundleFile } from '../../bundle.ts';
import { folderOf, join, nameOf } from './inside.ts';
import type { ProjectFiles } from './project-files.ts';

/** Of one file. */
const maxPaths = 300;

/**
 * The files and all that they mention: the name of a file below their own folder, for python also a module or a
 * package in an import line, and a path that leads to a file of the same top folder.
 * @param named paths of files that are there.
 * @param isLeftOut paths that the author does not want.
 */
export function withMentioned(
  files: ProjectFiles,
  named: Iterable<string>,
  isLeftOut: (path: string) => boolean,
): ReadonlyMap<string, BundleFile> {
  const taken = new Map<string, BundleFile>();
  const waiting = [...named];
  const lists = new Map<string, readonly string[]>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const file = taken.has(path) || isLeftOut(path) ? undefined : files.read(path);
    if (file === undefined) continue;
    taken.set(path, file);
    const folder = folderOf(path);
    const candidates = lists.get(folder) ?? files.list(folder);
    lists.set(folder, candidates);
    waiting.push(...mentionsOf(file, candidates));
  }
  return taken;
}

function mentionsOf({ path, content }: BundleFile, candidates: readonly string[]): string[] {
  const text = textOf(content);
  if (text === undefined) return [];
  const words = new Set(text.match(/[\p{L}\p{N}_.-]+/gu)?.map((word) => word.replace(/\.+$/, '')));
  const modules = isPython(path, text) ? importedNames(text) : new Set<string>();
  const folder = folderOf(path);
  const inside = folder === '' ? 0 : folder.length + 1;
  const byName = candidates.filter((candidate) => {
    if (words.has(nameOf(candidate))) return true;
    const names = candidate.slice(inside).replace(/\.py$/, '').split('/');
    return candidate.endsWith('.py')
      ? names.some((name) => modules.has(name))
      : names.slice(0, -1).some((name) => modules.has(name));
  });
  return [...byName, ...pathsIn(text, folder)];
}

/** Paths from the project's folder and from the file's own; there may be nothing at them. */
function pathsIn(text: string, folder: string): string[] {
  // What a variable holds is most often the one folder or the other.
  const written = [...new Set(text.replace(/\$\{?\w+\}?/g, '').match(/[\w.@+-]*(?:\/[\w.@+-]+)+/g))].slice(0, maxPaths);
  const [top] = folder.split('/');
  const paths = written.flatMap((path) => [join('', path), join(folder, path)]);
  return paths.filter((path) => path !== undefined).filter((path) => path.startsWith(`${top}/`));
}

/** Names in `import a.b, c` and `from .a import (b, c)`. */
function importedNames(text: string): Set<string> {
  const lines = text.matchAll(/^[ \t]*(?:from[ \t]+[.\w]+[ \t]+)?import\b[ \t]*(?:\([^)]*\)|[^\n]*)/gm);
  return new Set([...lines].flatMap(([line]) => line.match(/\w+/g) as string[]));
}

function isPython(path: string, text: string): boolean {
  return path.endsWith('.py') || /^#![^\n]*python/.test(text);
}

/** undefined for what is no text. */
function textOf(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
