/** Reads the files that arguments name, and stdin. */
import { readFile } from 'node:fs/promises';
import { InvalidInputError, messageOf } from '../errors.ts';
import type { Io } from './command.ts';

/** A file's bytes, or those of stdin for `-`. */
export async function readInput(file: string, io: Pick<Io, 'stdin'>): Promise<Buffer> {
  if (file !== '-') return readBytes(file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * @throws InvalidInputError `INVALID_USAGE` when it cannot be read, `INVALID_HOOKS` when it is not
 * UTF-8.
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InvalidInputError('INVALID_HOOKS', `${file}: the file is not valid UTF-8.`, {
      cause: error,
    });
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const isFolder = (error as { readonly code?: unknown }).code === 'EISDIR';
    const text = isFolder
      ? `${file} is a folder: name a file in it.`
      : `Cannot read ${file}: ${messageOf(error)}.`;
    throw new InvalidInputError('INVALID_USAGE', text, { cause: error });
  }
}
