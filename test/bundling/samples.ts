/** A project whose files are texts; what ends in `.sh`, `.py` or `.ts` is executable. */
import { givenFiles, type ProjectFiles } from '../../src/bundling/project-files.ts';

export function projectOf(
  files: Readonly<Record<string, string>>,
  place: Pick<ProjectFiles, 'folder' | 'home'> = {},
): ProjectFiles {
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    executable: /\.(?:sh|py|ts)$/.test(path),
    content: Buffer.from(text, 'latin1'),
  }));
  return { ...givenFiles(entries), ...place };
}
