/** The folders that a hook starts in or changes into, whose small files go along. */
import { type BundleFile, maxBundleBytes, maxBundleFiles } from '../protocol/bundle.ts';
import { isOpen } from './paths-in-text.ts';
import { askOnce, type ProjectFiles, readIfGood } from './project-files.ts';

/** Larger files are hardly settings, and a few of them would fill a bundle. */
const maxFileBytes = 1 << 16;

/**
 * Adds the files of the folders, the highest first, as far as the limits of a bundle allow: a
 * folder exists in a sandbox only with a file below it. A home holds much that concerns no hook, and
 * stays out.
 * @param folders relative to the project's folder; they need not exist.
 */
export function withEntered(
  files: ProjectFiles,
  taken: ReadonlyMap<string, BundleFile>,
  folders: Iterable<string>,
  isLeftOut: (path: string) => boolean,
): ReadonlyMap<string, BundleFile> {
  const all = new Map(taken);
  if (files.home !== undefined && files.home === files.folder) return all;
  let bytes = [...taken.values()].reduce((sum, { content }) => sum + content.length, 0);
  for (const file of [...folders].flatMap((folder) => filesIn(files, folder))) {
    const { path, content } = file;
    const isTooMuch = all.size >= maxBundleFiles || bytes + content.length > maxBundleBytes;
    if (all.has(path) || isTooMuch || isLeftOut(path)) continue;
    all.set(path, file);
    bytes += content.length;
  }
  return all;
}

function filesIn(files: ProjectFiles, folder: string): readonly BundleFile[] {
  return askOnce(files, `in ${folder}`, () => {
    const paths = files.list(folder).filter((path) => path.startsWith(`${folder}/`));
    const open = paths.filter(isOpen).slice(0, maxBundleFiles);
    return open.flatMap((path) => {
      const file = readIfGood(files, path, () => undefined);
      return file === undefined || file.content.length > maxFileBytes ? [] : [file];
    });
  });
}
