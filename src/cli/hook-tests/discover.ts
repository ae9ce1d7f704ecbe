/** Finds the test files that the arguments of the command line stand for. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError, messageOf } from '../../errors.ts';

export const testFileName = /\.hooktest\.ya?ml$/;
/** Folders that are not searched: their files are not the project's own. */
const passedOver: ReadonlySet<string> = new Set(['node_modules', '.git']);

export interface Discovered {
  /** Test files in the order of the arguments, sorted inside a folder, without duplicates. */
  readonly files: readonly string[];
  /** Folders in which another test file may appear. */
  readonly folders: readonly string[];
}

/**
 * A file stands for itself, a folder for every `*.hooktest.yaml` in and below it.
 * @throws InvalidInputError `INVALID_USAGE` for a place that cannot be read, and when there is no
 * test file at all.
 */
export async function discoverTests(places: readonly string[]): Promise<Discovered> {
  const files = new Map<string, string>();
  const folders: string[] = [];
  for (const place of places) {
    const found = await attempt(place, async () =>
      (await stat(place)).isDirectory() ? walk(place) : undefined,
    );
    folders.push(...(found?.folders ?? []));
    for (const file of found?.files ?? [place]) files.set(path.resolve(file), file);
  }
  if (files.size > 0) return { files: [...files.values()], folders };
  const where = places.join(', ');
  const fix =
    'Write one beside a hooks file (hooks.hooktest.yaml beside hooks.yaml): docs/testing-hooks.md shows how.';
  throw new InvalidInputError('INVALID_USAGE', `There is no *.hooktest.yaml in ${where}. ${fix}`);
}

async function walk(folder: string): Promise<{ files: string[]; folders: string[] }> {
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted(byName);
  const files = entries.filter((entry) => !entry.isDirectory() && testFileName.test(entry.name));
  const below = entries.filter((entry) => entry.isDirectory() && !passedOver.has(entry.name));
  const found = { files: files.map(({ name }) => path.join(folder, name)), folders: [folder] };
  for (const { name } of below) {
    const inner = await walk(path.join(folder, name));
    found.files.push(...inner.files);
    found.folders.push(...inner.folders);
  }
  return found;
}

/** Compares by code units, so that the order does not depend on the machine's language. */
function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

async function attempt<T>(place: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new InvalidInputError('INVALID_USAGE', `Cannot read ${place}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
