/** Sentences about files and modules that a command names and that a sandbox does not have. */
import { ownFolders } from './called.ts';
import type { ProjectFiles } from './project-files.ts';

/** @param inside relative to the project's folder; undefined: it is outside. */
export function missingFileText(
  word: string,
  inside: string | undefined,
  { folder }: ProjectFiles,
): string {
  const where = folder === undefined ? 'its files' : `the project's folder ${folder}`;
  const why = inside === undefined ? `which is outside of ${where}` : `which is not in ${where}`;
  return `needs the file ${word}, ${why}: name the folder that holds it (--project).`;
}

export function withoutFilesText(word: string): string {
  return `needs the file ${word} beside the hook file: send it along (files), or put the script into the hook file.`;
}

export function missingModuleText(module: string, files: ProjectFiles | undefined): string {
  const where =
    files === undefined
      ? 'and came without files: send its package along (files)'
      : 'nor in the project';
  return `the python module ${module} is not in the sandbox's image, ${where}.`;
}

export function computedFileText(word: string): string {
  return `starts ${word.slice(0, 200)}, whose file the command computes: name it in files.`;
}

export function writtenText(word: string): string {
  return `writes to ${word}, which a sandbox cannot: write below /tmp, where nothing outlives the run.`;
}

/** @param usesFolder the command runs in the project's folder. */
export function isReadOnly(path: string, usesFolder: boolean): boolean {
  if (path.startsWith('$') || ownFolders.test(path)) return false;
  return usesFolder || /^[/~]/.test(path);
}
