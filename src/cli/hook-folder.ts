/** A folder of scripts that are hooks, each named by its event. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError } from '../errors.ts';
import { scriptNames } from '../files/agents/script-file.ts';

/**
 * The files that a path of the command line stands for: the file itself, or the scripts in a
 * folder.
 * @throws InvalidInputError `INVALID_USAGE` for a folder without one.
 */
export async function hookFilesIn(file: string): Promise<readonly string[]> {
  const isFolder = await stat(file).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) return [file];
  const names = (await readdir(file)).filter((name) => scriptNames.includes(name)).sort();
  if (names.length > 0) return names.map((name) => path.join(file, name));
  const text = `${file} is a folder without a script named by its event (${scriptNames.join(', ')}): name its hooks files.`;
  throw new InvalidInputError('INVALID_USAGE', text);
}
