/**
 * Finds the files to take along with those that a command names: files that their texts mention,
 * and so on.
 */
import type { BundleFile } from '../protocol/bundle.ts';
import { folderOf, join, nameOf } from './inside.ts';
import { askOnce, type ProjectFiles } from './project-files.ts';

/** Maximum number of paths that are followed in the text of one file. */
const maxPaths = 300;

/**
 * Returns the files and all that they mention: by the name of a file below their own folder, for
 * python also by a module or a package in an import line, and by a path to a file of the same top
 * folder.
 * @param named paths of files that exist.
 * @param isLeftOut whether the author excludes a path.
 */
export function withMentioned(
  files: ProjectFiles,
  named: Iterable<string>,
  isLeftOut: (path: string) => boolean,
): ReadonlyMap<string, BundleFile> {
  const taken = new Map<string, BundleFile>();
  const waiting = [...named];
  // The list grows while the loop runs; each file is taken once.
  for (const path of waiting) {
    const file = taken.has(path) || isLeftOut(path) ? undefined : files.read(path);
    if (file === undefined) continue;
    taken.set(path, file);
    const mentions = askOnce(files, `mentions ${path}`, () =>
      mentionsOf(file, files.list(folderOf(path))),
    );
    for (const mention of mentions) if (!taken.has(mention)) waiting.push(mention);
  }
  return taken;
}

function mentionsOf({ path, content }: BundleFile, candidates: readonly string[]): string[] {
  const text = textOf(content);
  if (text === undefined) return [];
  const words = new Set(text.match(/[\p{L}\p{N}_.-]+/gu)?.map(withoutLastDots));
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

/**
 * A loop instead of a regular expression, which would search for the end of the dots from each of
 * them.
 */
function withoutLastDots(word: string): string {
  let end = word.length;
  while (word.charAt(end - 1) === '.') end--;
  return word.slice(0, end);
}

/**
 * Candidate paths, relative to the project's folder and to the file's own; a file need not exist
 * there.
 */
function pathsIn(text: string, folder: string): string[] {
  // Variables are removed, because most of them hold one of the two folders.
  const words = text.replace(/\$\{?\w+\}?/g, '').match(/[\w.@+/-]+/g) ?? [];
  const written = [...new Set(words.flatMap(pathsInWord))].slice(0, maxPaths);
  const [top] = folder.split('/');
  const paths = written.flatMap((path) => [join('', path), join(folder, path)]);
  return paths.filter((path) => path !== undefined).filter((path) => path.startsWith(`${top}/`));
}

/** Splits a word into paths whose names have single slashes between them. */
function pathsInWord(word: string): string[] {
  if (!word.includes('/')) return [];
  const parts = word.split('//').map((part, index) => (index === 0 ? part : `/${part}`));
  return parts.map((part) => part.replace(/\/$/, '')).filter((part) => part.includes('/'));
}

/** Names in `import a.b, c` and `from .a import (b, c)`. */
function importedNames(text: string): Set<string> {
  const names = new Set<string>();
  const head = /^[ \t]*(?:from[ \t]+[.\w]+[ \t]+)?import\b[ \t]*/gm;
  // After a bracket without an end no later one has an end, so the text is not searched again.
  let ends = true;
  for (let found = head.exec(text); found !== null; found = head.exec(text)) {
    const start = head.lastIndex;
    const bracket = ends && text.startsWith('(', start) ? text.indexOf(')', start) : -1;
    if (bracket === -1 && text.startsWith('(', start)) ends = false;
    const line = text.indexOf('\n', start);
    const end = bracket === -1 ? (line === -1 ? text.length : line) : bracket + 1;
    for (const [name] of text.slice(found.index, end).matchAll(/\w+/g)) names.add(name);
    head.lastIndex = end;
  }
  return names;
}

function isPython(path: string, text: string): boolean {
  return path.endsWith('.py') || /^#![^\n]*python/.test(text);
}

/** @returns undefined for content that is not UTF-8 text. */
function textOf(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
