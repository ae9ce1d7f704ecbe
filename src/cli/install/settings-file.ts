/** Reads and writes the files of other programs: whole, atomically, and never through a link that leads out. */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { InvalidInputError, messageOf } from '../../errors.ts';

/**
 * The path of a file without links.
 * @param root the folder that it must be in.
 * @throws InvalidInputError `INVALID_USAGE` for a link that leads out, a folder, or a device.
 */
export function realPlace(file: string, root: string): string {
  const real = withoutLinks(file);
  const inside = withoutLinks(root);
  if (real !== inside && !real.startsWith(inside === '/' ? inside : `${inside}/`))
    throw wrong(`${file} is a link that leads out of ${root}, to ${real}: it is not followed.`);
  const status = statSync(real, { throwIfNoEntry: false });
  if (status !== undefined && !status.isFile()) throw wrong(`${file} is no file.`);
  return real;
}

/** Also of a path whose last parts do not exist. */
function withoutLinks(place: string): string {
  const absolute = path.resolve(place);
  if (lstatSync(absolute, { throwIfNoEntry: false }) === undefined) {
    const above = path.dirname(absolute);
    return above === absolute ? absolute : path.join(withoutLinks(above), path.basename(absolute));
  }
  try {
    return realpathSync(absolute);
  } catch (error) {
    throw wrong(`${place} is a link that leads nowhere: ${messageOf(error)}.`);
  }
}

/**
 * The text of a file with its mark of the byte order; undefined where there is no file.
 * @throws InvalidInputError `INVALID_USAGE` when it cannot be read, `INVALID_CONFIG` when it is not
 * UTF-8.
 */
export function readSettings(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw wrong(`Cannot read ${file}: ${messageOf(error)}.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const text = `${file}: the file is not valid UTF-8. Nothing was changed.`;
    throw new InvalidInputError('INVALID_CONFIG', text, { cause: error });
  }
}

/**
 * Replaces a file in one step; a reader sees the old or the new text. Mode and owner stay.
 * @param mode of a file that does not exist yet.
 * @returns the folders that had to be made, the outermost first.
 * @throws InvalidInputError `INVALID_USAGE`
 */
export function writeSettings(file: string, text: string, mode: number): readonly string[] {
  try {
    const made = makeFolders(path.dirname(file));
    const before = statSync(file, { throwIfNoEntry: false });
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
    try {
      writeNew(temporary, text, before?.mode ?? mode);
      if (before !== undefined && before.uid !== process.geteuid?.())
        chownSync(temporary, before.uid, before.gid);
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
    return made;
  } catch (error) {
    throw wrong(`Cannot write ${file}: ${messageOf(error)}.`);
  }
}

function writeNew(file: string, text: string, mode: number): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  // The umask does not count: the mode of the file before is kept.
  chmodSync(file, mode & 0o7777);
}

function makeFolders(folder: string): string[] {
  const missing: string[] = [];
  for (
    let at = folder;
    statSync(at, { throwIfNoEntry: false }) === undefined;
    at = path.dirname(at)
  )
    missing.unshift(at);
  mkdirSync(folder, { recursive: true });
  return missing;
}

/** Removes a file, and those of the folders that are empty then. */
export function removeSettings(file: string, made: readonly string[]): void {
  rmSync(file, { force: true });
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      // Something else stands in it by now.
      return;
    }
  }
}

function wrong(text: string): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', text);
}
