/**
 * Finds the files to take along with those that a command names: files that their texts mention,
 * and so on.
 */
import { dialects } from '../agents/registry.ts';
import { type BundleFile, maxBundleBytes, maxBundleFiles } from '../protocol/bundle.ts';
import { filesOfFolders } from './computed-names.ts';
import { folderOf, nameOf } from './inside.ts';
import { languageOf, textOf } from './language.ts';
import type { Fact } from './needs/facts.ts';
import { pythonFolders } from './needs/python-folders.ts';
import { pythonCode } from './needs/python-text.ts';
import { shellFacts } from './needs/shell-needs.ts';
import { importedFiles } from './node-imports.ts';
import { foldersFrom, from, isOpen, joinedPathsIn, pathsIn } from './paths-in-text.ts';
import { askOnce, type ProjectFiles, readIfGood } from './project-files.ts';
import { modulesIn } from './python-modules.ts';

export interface Mentioned {
  readonly taken: ReadonlyMap<string, BundleFile>;
  /**
   * Those that the command names or a script mentions; a page may mention scripts that do not run.
   */
  readonly reached: ReadonlyMap<string, BundleFile>;
  /** Files that are mentioned and do not go along, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Returns the files and all that they mention: by the name of a file below their own folder, by a
 * path from this folder or one above it, for python and node also by what an import names. A file that is only mentioned is left out where the limits of a bundle would be exceeded.
 * @param named paths of files that exist.
 * @param isLeftOut whether the author excludes a path.
 * @param read files that the command reads by computed names.
 */
export function withMentioned(
  files: ProjectFiles,
  named: Iterable<string>,
  isLeftOut: (path: string) => boolean,
  read: readonly string[] = [],
): Mentioned {
  const certain = new Set(named);
  const waiting = [...new Set([...certain, ...read])];
  const used = new Set(waiting);
  const collected = new Collected(files, certain);
  const seen = new Set<string>();
  // The list grows while the loop runs; each file is read once.
  for (const path of waiting) {
    if (seen.has(path) || isLeftOut(path)) continue;
    seen.add(path);
    const file = collected.take(path);
    if (file === undefined) continue;
    const mentions = askOnce(files, `mentions ${path}`, () => mentionsOf(file, files));
    waiting.push(...mentions.filter((mention) => !seen.has(mention)));
    if (languageOf(file) !== undefined) for (const mention of mentions) used.add(mention);
  }
  const { taken } = collected;
  const reached = new Map([...taken].filter(([path]) => used.has(path)));
  return { taken, reached, problems: collected.problems() };
}

class Collected {
  readonly taken = new Map<string, BundleFile>();
  readonly #files: ProjectFiles;
  /** Files that the command names: what is wrong with them is a problem of the command. */
  readonly #certain: ReadonlySet<string>;
  readonly #unread: string[] = [];
  readonly #tooMuch = new Set<string>();
  #bytes = 0;

  constructor(files: ProjectFiles, certain: ReadonlySet<string>) {
    this.#files = files;
    this.#certain = certain;
  }

  take(path: string): BundleFile | undefined {
    const isCertain = this.#certain.has(path);
    const file = isCertain
      ? this.#files.read(path)
      : readIfGood(this.#files, path, (message) => this.#unread.push(message));
    if (file === undefined) return undefined;
    const bytes = this.#bytes + file.content.length;
    if (!isCertain && (this.taken.size >= maxBundleFiles || bytes > maxBundleBytes)) {
      this.#tooMuch.add(path);
      return undefined;
    }
    this.#bytes = bytes;
    this.taken.set(path, file);
    return file;
  }

  problems(): string[] {
    return [...this.#unread, ...(this.#tooMuch.size > 0 ? [leftOutText(this.#tooMuch)] : [])];
  }
}

function leftOutText(paths: ReadonlySet<string>): string {
  const [first] = paths;
  const more = paths.size === 1 ? '' : ` and ${paths.size - 1} more`;
  return `${first}${more} would exceed ${maxBundleFiles} files or ${maxBundleBytes} bytes and stays out: list what is needed in files.`;
}

function mentionsOf(file: BundleFile, files: ProjectFiles): string[] {
  const text = textOf(file.content);
  // It names files for people and tools that have nothing to do with a hook.
  if (text === undefined || nameOf(file.path) === 'package.json') return [];
  const folder = folderOf(file.path);
  const language = languageOf(file);
  const words = new Set(text.match(/[\p{L}\p{N}_.-]+/gu)?.map(withoutLastDots));
  const byName = files.list(folder).filter((candidate) => words.has(nameOf(candidate)));
  const paths = pathsIn(text, folder);
  if (language === 'bash') paths.push(...pathsRead(text, folder, files).filter(isOpen));
  if (language === 'python3') {
    paths.push(...from(foldersFrom(folder), joinedPathsIn(text)).filter(isOpen));
    paths.push(...modulesIn(text, folder, files));
    const read = pythonFolders(pythonCode(text)).map((one) => one.folder);
    paths.push(...filesOfFolders(files, from(foldersFrom(folder), read)));
  }
  if (language === 'node') {
    paths.push(...from(foldersFrom(folder), joinedPathsIn(text)).filter(isOpen));
    paths.push(...importedFiles(text, folder, files));
  }
  // A home holds much that concerns no hook.
  const isHome = files.home !== undefined && files.home === files.folder;
  const isFar = language !== undefined && !isHome;
  return [...byName, ...paths.filter((path) => isFar || isNear(path, folder))];
}

/** In the same top folder, which is as far as a text leads that is no script. */
function isNear(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder.split('/')[0]}/`);
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

/** Paths of files that a shell text reads, by the values that it gives its variables. */
function pathsRead(text: string, folder: string, files: ProjectFiles): string[] {
  const read = factsRead(text, folder);
  const named = read.filter(({ isFolder }) => isFolder !== true);
  return [...named.flatMap(({ places = [] }) => places), ...filesOfFolders(files, foldersOf(read))];
}

/**
 * Files of the folders from which a command reads files by computed names.
 * @param folder where the command starts.
 */
export function filesReadBy(command: string, folder: string, files: ProjectFiles): string[] {
  return filesOfFolders(files, foldersOf(factsRead(command, folder || undefined)));
}

/** @param folder of the script file; undefined: the project's. */
function factsRead(text: string, folder: string | undefined): readonly Fact[] {
  const folders = dialects.flatMap(({ folderVariables }) => folderVariables);
  return shellFacts(text, { folder, folders, set: [], agentVariables: /(?!)/g }).all;
}

function foldersOf(facts: readonly Fact[]): string[] {
  const read = facts.filter(({ isFolder }) => isFolder === true);
  return read.flatMap(({ places = [] }) => places);
}
