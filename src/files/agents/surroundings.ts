/** The surroundings of a hooks file that tell whose it is: its folder, and a plugin's manifest. */
import type { AgentFormat } from '../../agents/file-format.ts';
import type { ProjectFiles } from '../../bundling/project-files.ts';

export interface FileSurroundings {
  /** Whether the system looks for its files in the folder of this file. */
  readonly isFolderOf: (format: AgentFormat) => boolean;
  /** Whether the project of the file is a plugin of the system. */
  readonly isPluginOf: (format: AgentFormat) => boolean;
}

/** A file of which nothing but its text is known. */
export const unknownSurroundings: FileSurroundings = {
  isFolderOf: () => false,
  isPluginOf: () => false,
};

/**
 * @param path of the file, with `/` or `\`. A YAML file is never another system's because of its
 * folder: no system with folders reads YAML.
 * @param project undefined: no manifest can be looked for.
 */
export function surroundingsOf(path: string, project: ProjectFiles | undefined): FileSurroundings {
  const folder = /\.ya?ml$/.test(path)
    ? ''
    : `/${path.replaceAll('\\', '/')}`.replace(/[^/]*$/, '');
  const endsWith = (name: string) => folder.endsWith(`/${name}/`);
  return {
    // Scripts and, rarely, the file itself lie in a folder `hooks` below.
    isFolderOf: ({ folders }) =>
      folders.some((name) => endsWith(name) || endsWith(`${name}/hooks`)),
    isPluginOf: ({ manifests = [] }) => manifests.some((name) => exists(name, project)),
  };
}

function exists(name: string, project: ProjectFiles | undefined): boolean {
  try {
    return project?.read(name) !== undefined;
  } catch {
    // A file that may not be taken along is there all the same.
    return true;
  }
}
