/** Finds the files of the modules that a python text imports. */
import { imageModules } from './needs/image.ts';
import { importsIn, pythonCode } from './needs/python-text.ts';
import { foldersFrom, from, joinedPathsIn } from './paths-in-text.ts';
import type { ProjectFiles } from './project-files.ts';

/** Maximum numbers of modules, and of folders in which they are looked for. */
const maxModules = 60;
const maxFolders = 24;

/**
 * Returns files below the own folder by any name of an import line. Modules that python does not
 * have are also looked for in the folders above, and below them in those that the text names beside
 * `sys.path`.
 */
export function modulesIn(text: string, folder: string, files: ProjectFiles): string[] {
  const names = importedNames(text);
  const inside = folder === '' ? 0 : folder.length + 1;
  const below = files.list(folder).filter((candidate) => {
    const parts = candidate.slice(inside).replace(/\.py$/, '').split('/');
    return (candidate.endsWith('.py') ? parts : parts.slice(0, -1)).some((part) => names.has(part));
  });
  const missing = new Set(
    importsIn(pythonCode(text))
      .map(({ module }) => module)
      .filter((module) => !imageModules.includes(module)),
  );
  const folders = missing.size === 0 ? [] : searched(text, folder, files);
  const found = [...missing].slice(0, maxModules).flatMap((module) =>
    folders.flatMap((one) => {
      const path = one === '' ? module : `${one}/${module}`;
      return [`${path}.py`, ...files.list(path).filter((file) => file.startsWith(`${path}/`))];
    }),
  );
  return [...below, ...found];
}

function searched(text: string, folder: string, files: ProjectFiles): string[] {
  const above = foldersFrom(folder);
  if (!text.includes('sys.path')) return above;
  const named = from(above, joinedPathsIn(text));
  return [...above, ...named.filter((one) => files.list(one).length > 0)].slice(0, maxFolders);
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
