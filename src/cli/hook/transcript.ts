/**
 * Reads the newest part of the transcript that a context names, if it is one of the agent's own
 * files. Loaded only when a hook reads it.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { TranscriptFolder } from '../../agents/agent-system.ts';
import { findDialect, transcriptFoldersOf } from '../../agents/registry.ts';
import { messageOf } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import { valueAt } from '../../protocol/json.ts';

export interface ReadTranscript {
  /** Whole lines, the newest ones. Undefined: there is none that may be sent. */
  readonly bytes?: Buffer;
  /** A line for stderr: why there is none. */
  readonly problem?: string;
}

/** The user whose files they are. */
export interface TranscriptOwner {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Undefined where the system has no user ids. */
  readonly uid: number | undefined;
}

/** Thrown inside of this file only; its message follows the words "no transcript: ". */
class RefusedError extends Error {}

const lineEnd = 0x0a;
const maxNameLength = 300;

/**
 * Never rejects. A context that names no transcript is no problem.
 * @param limitBytes the most bytes to read, from the end of the file.
 */
export async function readTranscript(
  dialect: string,
  context: Buffer,
  limitBytes: number,
  owner: TranscriptOwner,
): Promise<ReadTranscript> {
  try {
    const named = nameIn(dialect, context);
    if (named === undefined) return {};
    const file = await ownFile(dialect, named, owner);
    return { bytes: await newestLines(file, limitBytes, owner) };
  } catch (error) {
    const why = plainText(messageOf(error)).slice(0, maxNameLength);
    return { problem: `hookpool hook: no transcript: ${why}\n` };
  }
}

function nameIn(dialect: string, context: Buffer): string | undefined {
  const root = parse(context.toString());
  if (typeof root !== 'object' || root === null) return undefined;
  const values = findDialect(dialect).transcriptKeys.map((key) => valueAt(root, key));
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedError('the context is no JSON');
  }
}

/** The path without links, if it leads into a folder of the agent's transcripts. */
async function ownFile(
  dialect: string,
  named: string,
  { home, env }: TranscriptOwner,
): Promise<string> {
  const folders = transcriptFoldersOf(dialect);
  if (folders.length === 0) throw new RefusedError(`where ${dialect} keeps them is not known`);
  if (named.includes('\0')) throw new RefusedError('its path has a NUL character');
  const file = named.startsWith('~/') ? path.join(home, named.slice(2)) : named;
  if (!path.isAbsolute(file)) throw new RefusedError(`"${file}" is no absolute path`);
  const real = await realpath(file);
  for (const place of folders.flatMap((folder) => placesOf(folder, home, env)))
    if (await holds(place, real)) return real;
  throw new RefusedError(`"${real}" is in no folder of ${dialect}'s transcripts`);
}

function placesOf(folder: TranscriptFolder, home: string, env: NodeJS.ProcessEnv): string[] {
  const { inHome, variable } = folder;
  const other = variable === undefined ? '' : (env[variable.name] ?? '');
  return other === '' || variable === undefined
    ? [path.join(home, inHome)]
    : [path.join(other, variable.below)];
}

/** The folder before the part `*` may be a link, for example to a folder of dotfiles. */
async function holds(place: string, file: string): Promise<boolean> {
  const [outer = '', inner] = place.split('/*/');
  const root = await realpath(outer).catch(() => undefined);
  if (root === undefined || !file.startsWith(`${root}/`)) return false;
  if (inner === undefined) return true;
  const [, ...below] = file.slice(root.length + 1).split('/');
  return below.join('/').startsWith(`${inner}/`);
}

/** Opens without waiting, so that a FIFO does not hold the answer up, and looks at what it opened. */
async function newestLines(
  file: string,
  limitBytes: number,
  { uid }: TranscriptOwner,
): Promise<Buffer> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  const handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new RefusedError(`"${file}" is no file`);
    if (uid !== undefined && stats.uid !== uid)
      throw new RefusedError(`"${file}" belongs to another user`);
    return await readEnd(handle, stats, limitBytes);
  } finally {
    await handle.close();
  }
}

async function readEnd(handle: FileHandle, { size }: Stats, limitBytes: number): Promise<Buffer> {
  if (size <= limitBytes) return readAt(handle, 0, size);
  // With the byte before them, the last bytes show whether they begin with a line.
  const end = await readAt(handle, size - limitBytes - 1, limitBytes + 1);
  const start = end.indexOf(lineEnd) + 1;
  if (start === 0 || start === end.length)
    throw new RefusedError(`its last line has more than ${limitBytes} bytes`);
  return end.subarray(start);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
