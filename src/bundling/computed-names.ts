/** Files of the folders from which a text reads files by names that it computes. */
import { maxBundleBytes, maxBundleFiles } from '../protocol/bundle.ts';
import { isOpen } from './paths-in-text.ts';
import { askOnce, isListed, type ProjectFiles, readIfGood } from './project-files.ts';

/** Maximum number of such folders of one text; what needs more of them is told as a warning. */
const maxFolders = 40;

/** @param folders relative to the project's folder; they need not exist. */
export function filesOfFolders(files: ProjectFiles, folders: readonly string[]): string[] {
  const distinct = [...new Set(folders)].slice(0, maxFolders);
  return distinct.flatMap((folder) => filesBelow(files, folder));
}

/**
 * The files of a folder that can go along.
 * @returns none where together they exceed the limits of a bundle: a part of them could lack the
 * very file that the text reads.
 */
export function filesBelow(files: ProjectFiles, folder: string): readonly string[] {
  return askOnce(files, `below ${folder}`, () => {
    const isSearched = folder.split('/').every((name) => name.startsWith('.') || isListed(name));
    const listed = isSearched ? files.list(folder) : [];
    const paths = listed.filter((path) => path.startsWith(`${folder}/`) && isOpen(path));
    return paths.length > maxBundleFiles ? [] : readable(files, paths);
  });
}

function readable(files: ProjectFiles, paths: readonly string[]): readonly string[] {
  const found: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const file = readIfGood(files, path, () => undefined);
    if (file === undefined) continue;
    found.push(path);
    bytes += file.content.length;
    if (bytes > maxBundleBytes) return [];
  }
  return found;
}
