/**
 * Files that a hook's command needs beside its script: script files, modules, lists. They are sent
 * with the script and copied to `projectPath` for each run, under their paths relative to the
 * folder of the hooks file.
 */
import { createHash } from 'node:crypto';
import { InvalidInputError } from '../errors.ts';

/** The path of a bundle inside the sandbox, which its commands use as the project's folder. */
export const projectPath = '/project';

export const maxBundleFiles = 256;
/** The most bytes of all contents together. */
export const maxBundleBytes = 1 << 20;
const maxPathBytes = 512;
const maxDepth = 16;

export interface BundleFile {
  /** Relative to the project's folder, with `/` between its names. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Uint8Array;
}

export interface Bundle {
  /** SHA-256 of paths, modes and contents, in hex: equal bundles have equal digests. */
  readonly digest: string;
  /** Sorted by path. */
  readonly files: readonly BundleFile[];
}

/**
 * @throws InvalidInputError `INVALID_SCRIPT` or `TOO_LARGE` naming the file, the limit and the fix.
 */
export function createBundle(files: Iterable<BundleFile>): Bundle {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = sorted.reduce((sum, { content }) => sum + content.length, 0);
  if (sorted.length > maxBundleFiles) {
    throw tooLarge(
      `The command needs ${sorted.length} files; ${maxBundleFiles} are the most that are taken along.`,
    );
  }
  if (bytes > maxBundleBytes) {
    const [largest] = [...sorted].sort((a, b) => b.content.length - a.content.length);
    const which = `the largest is ${largest?.path} with ${largest?.content.length}`;
    throw tooLarge(
      `The files that the command needs have ${bytes} bytes (${which}); ${maxBundleBytes} are the most.`,
    );
  }
  const hash = createHash('sha256');
  const paths = new Set<string>();
  for (const { path, executable, content } of sorted) {
    checkPath(path);
    if (paths.has(path)) throw invalid(`${path} is there twice. Give each file once.`);
    paths.add(path);
    hash.update(`${JSON.stringify([path, executable, content.length])}\n`).update(content);
  }
  const both = sorted.flatMap(({ path }) => foldersOf(path)).find((folder) => paths.has(folder));
  if (both !== undefined) throw invalid(`${both} is a file and a folder. Rename one.`);
  return { digest: hash.digest('hex'), files: sorted };
}

function checkPath(path: string): void {
  const names = path.split('/');
  const isPlain = names.every(
    (name) => name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= 255,
  );
  if (!isPlain || path.includes('\0') || !path.isWellFormed()) {
    throw invalid(
      `"${path}" is no path inside the project's folder. Use relative paths without . and .. in them.`,
    );
  }
  if (Buffer.byteLength(path) > maxPathBytes || names.length > maxDepth) {
    throw invalid(
      `${path} is too long or too deep: ${maxPathBytes} bytes and ${maxDepth} names are the most.`,
    );
  }
}

/** The folders above a file, the outermost first: `a/b/c` is in `a` and `a/b`. */
export function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function tooLarge(message: string): InvalidInputError {
  return new InvalidInputError(
    'TOO_LARGE',
    `${message} Put what it needs into a folder of its own, or into one file.`,
  );
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('INVALID_SCRIPT', message);
}
