/**
 * The folder of a project: the files that the commands of its hooks files name. The caller supplies
 * the code that reads the disk; a document can bring its files with it.
 */
import { HookpoolError } from '../errors.ts';
import type { BundleFile } from '../protocol/bundle.ts';

export interface ProjectFiles {
  /**
   * Absolute path, as commands may write it; undefined where the files are not in a folder on disk.
   */
  readonly folder?: string | undefined;
  /** The home of the user whose project it is. */
  readonly home?: string | undefined;
  /** Sandboxes can read the folder itself, as their workspace. */
  readonly isMounted?: boolean | undefined;
  /**
   * @param path relative to the project's folder, without `.` and `..`.
   * @returns undefined when there is no such file.
   * @throws InvalidInputError for a file that exists and may not be taken along.
   */
  read(path: string): BundleFile | undefined;
  /**
   * Paths of files below a folder (`''`: the project's), the highest first. `isListed` and
   * `listLimits` leave some out.
   */
  list(folder: string): readonly string[];
  /** Caches the answer to a question about the files; absent where nothing is cached. */
  once?<T>(question: string, find: () => T): T;
}

/**
 * Adds a cache to the files while one hooks file is read: a thousand hooks may name the same ones.
 */
export function remembering(files: ProjectFiles): ProjectFiles {
  const answers = new Map<string, unknown>();
  const once = <T>(question: string, find: () => T): T => {
    if (!answers.has(question)) answers.set(question, find());
    return answers.get(question) as T;
  };
  return {
    folder: files.folder,
    home: files.home,
    isMounted: files.isMounted,
    read: (path) => once(`read ${path}`, () => files.read(path)),
    list: (folder) => once(`list ${folder}`, () => files.list(folder)),
    once,
  };
}

/** @param files undefined: the answer is not cached. */
export function askOnce<T>(files: ProjectFiles | undefined, question: string, find: () => T): T {
  return files?.once === undefined ? find() : files.once(question, find);
}

/** Limits of the search for files that are not named in full. */
export const listLimits = { depth: 4, entries: 1000 } as const;

/** Whether a search includes an entry: it is neither hidden nor made by a tool. */
export function isListed(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules' && name !== '__pycache__';
}

/** Files that came with a document. */
export function givenFiles(files: readonly BundleFile[]): ProjectFiles {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const inOrder = [...byPath.keys()].sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  return {
    read: (path) => byPath.get(path),
    list: (folder) => {
      const start = folder === '' ? '' : `${folder}/`;
      return inOrder.filter((path) => {
        const names = path.startsWith(start) ? path.slice(start.length).split('/') : [];
        return names.length > 0 && names.length <= listLimits.depth && names.every(isListed);
      });
    },
  };
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/**
 * Reads a file that may not be taken along as if it were not there.
 * @param onProblem receives the reason.
 */
export function readIfGood(
  files: ProjectFiles,
  path: string,
  onProblem: (message: string) => void,
): BundleFile | undefined {
  try {
    return files.read(path);
  } catch (error) {
    if (!(error instanceof HookpoolError)) throw error;
    onProblem(error.message);
    return undefined;
  }
}
