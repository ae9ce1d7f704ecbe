/** Sentences about files and modules that a command names and that a sandbox does not have. */
import type { ProjectFiles } from './project-files.ts';

/** @param inside relative to the project's folder; undefined: it is outside. */
export function missingFileText(
  word: string,
  inside: string | undefined,
  { folder }: ProjectFiles,
): string {
  const [where, fix] =
    folder === undefined
      ? ['its files', 'send what hookpool bundle --project DIR prints for the folder']
      : [`the project's folder ${folder}`, 'name the folder'];
  const why = inside === undefined ? `which is outside of ${where}` : `which is not in ${where}`;
  const option = folder === undefined ? '' : ' (--project)';
  return `needs the file ${word}, ${why}: ${fix} that holds it${option}.`;
}

export function withoutFilesText(word: string): string {
  return `needs the file ${word} beside the hook file: send what hookpool bundle prints for it, or put the script into it.`;
}

export function missingModuleText(module: string, files: ProjectFiles | undefined): string {
  const where =
    files === undefined
      ? 'and came without files: send what hookpool bundle prints for the hook file'
      : 'nor in the project: put its package there';
  return `the python module ${module} is not in the sandbox's image, ${where}.`;
}

export function computedFileText(word: string): string {
  return `starts ${word.slice(0, 200)}, whose file the command computes: name it in files.`;
}

export function outsideText(word: string): string {
  return `writes to ${word}, which a sandbox cannot: write below /tmp, where nothing outlives the run.`;
}

export function unmadeFolderText(word: string): string {
  return `writes to ${word}, whose folder a sandbox does not have: make it first (mkdir -p). Nothing there outlives the run.`;
}

export function wholeFolderText(word: string): string {
  return `needs all of ${word}: only files that are named are taken along.`;
}
