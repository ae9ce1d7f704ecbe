/** Output of a command into files that its sandbox does not have a place for. */
import { ownFolders } from './called.ts';
import type { CommandPaths } from './command-paths.ts';
import { folderOf } from './inside.ts';
import { outsideText, unmadeFolderText } from './missing-text.ts';

export interface Written {
  /** The targets of the redirections, as they are written. */
  readonly words: Iterable<string>;
  readonly at: CommandPaths;
  /** Paths of the files that go along. */
  readonly paths: ReadonlySet<string>;
  /** The command uses the project's folder for another reason. */
  readonly usesFolder: boolean;
  /** The whole command. */
  readonly text: string;
}

/** @returns the problems, and whether the command runs in the project's folder. */
export function writeProblems({ words, at, paths, usesFolder, text }: Written) {
  const known = [...words].filter((word) => {
    const path = at.expand(word);
    return !path.startsWith('$') && !ownFolders.test(path);
  });
  const isAbsolute = (word: string) => /^[/~]/.test(at.expand(word));
  const runsInside =
    usesFolder ||
    known.some((word) => isAbsolute(word) && at.inside(at.expand(word)) !== undefined);
  // A folder of the project is in its copy only if a file in it goes along.
  const isThere = (folder: string) =>
    folder === '' ||
    [...paths].some((taken) => taken.startsWith(`${folder}/`)) ||
    /\bmkdir\b/.test(text);
  const problems = known.flatMap((word) => {
    if (!runsInside && !isAbsolute(word)) return [];
    const inside = at.inside(at.expand(word));
    if (inside === undefined) return [outsideText(word)];
    return isThere(folderOf(inside)) ? [] : [unmadeFolderText(word)];
  });
  return { runsInside, problems };
}
