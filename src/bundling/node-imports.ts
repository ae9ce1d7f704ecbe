/** Finds the files that a JavaScript or TypeScript text imports. */
import { join } from './inside.ts';
import { nodeModules } from './needs/image.ts';
import { foldersFrom } from './paths-in-text.ts';
import type { ProjectFiles } from './project-files.ts';

export interface Imported {
  readonly specifier: string;
  readonly position: number;
}

/** The most imports of one file. */
const maxImports = 200;
const specifiers =
  /(?:\bfrom\s{0,9}|\bimport\s{0,9}\(?\s{0,9}|\brequire\s{0,9}\(\s{0,9}|\brequire\.resolve\(\s{0,9})(["'`])([^"'`\n\\$]{1,200})\1/g;
const commentLine = /^[ \t]{0,200}(?:\/\/|\*(?!\/)|\/\*)/;

/** Import statements and calls with a name that is not computed, without those of comments. */
export function importsOf(text: string): Imported[] {
  const found: Imported[] = [];
  for (const { 2: specifier = '', index } of text.matchAll(specifiers)) {
    const line = text.slice(text.lastIndexOf('\n', index) + 1, index);
    if (!commentLine.test(line)) found.push({ specifier, position: index });
    if (found.length === maxImports) break;
  }
  return found;
}

const builtIn: ReadonlySet<string> = new Set(nodeModules);

/** `zod` of `zod/v4`, `@a/b` of `@a/b/c`; undefined for files and for modules of node itself. */
export function packageOf(specifier: string): string | undefined {
  const [name] = /^(?:@[\w.~-]+\/)?[A-Za-z\d][\w.~-]*/.exec(specifier) ?? [];
  if (name === undefined || specifier.startsWith('node:') || builtIn.has(specifier))
    return undefined;
  return /^(?:file|data|https?):/.test(specifier) ? undefined : name;
}

const endings = ['.js', '.cjs', '.mjs', '.ts', '.mts', '.cts', '.json'];

/**
 * Returns files that a text may import: relative names with and without their endings, packages that
 * lie in a `node_modules` of the own folder or of one above, and each package.json from there, whose
 * `type` decides how node reads a file.
 */
export function importedFiles(text: string, folder: string, files: ProjectFiles): string[] {
  const folders = foldersFrom(folder);
  const found = folders.map((one) => inFolder(one, 'package.json'));
  for (const { specifier } of importsOf(text)) {
    const name = packageOf(specifier);
    if (name !== undefined) found.push(...packageFiles(name, folders, files));
    else if (specifier.startsWith('.')) found.push(...relativeFiles(specifier, folder));
  }
  return [...new Set(found)];
}

function relativeFiles(specifier: string, folder: string): string[] {
  const path = join(folder, specifier);
  if (path === undefined || path === '') return [];
  const names = [path, ...endings.flatMap((ending) => [path + ending, `${path}/index${ending}`])];
  return [...names, path.replace(/\.([cm]?)jsx?$/, '.$1ts')];
}

/** Texts that a package needs to run; the rest of it is for people and compilers. */
function packageFiles(name: string, folders: readonly string[], files: ProjectFiles): string[] {
  return folders.flatMap((one) => {
    const place = inFolder(one, `node_modules/${name}`);
    return files.list(place).filter((path) => /\.(?:[cm]?js|json|node)$/.test(path));
  });
}

function inFolder(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}
