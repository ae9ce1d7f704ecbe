/**
 * What install and adopt remember of a file that they have changed, so that it can become again
 * what it was. A record is a folder of the user, `hookpool/files/KEY` in `$XDG_STATE_HOME` or
 * `~/.local/state`: nothing is put beside the files of a project.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { TranscriptOwner } from '../hook/transcript.ts';
import { readSettings, writeSettings } from './settings-file.ts';

const schema = z.object({
  by: z.enum(['install', 'adopt']),
  /** The path of the file, for people. */
  file: z.string(),
  /** Of the text that was written. */
  sha256: z.string(),
  /** What was added, in this order. */
  chunks: z.array(z.string()),
  /** Folders that had to be made. */
  folders: z.array(z.string()),
  /** Whether there was a file: its text is in `copy`. */
  existed: z.boolean(),
});

export interface FileRecord extends z.infer<typeof schema> {
  /** The text before; undefined: there was no file. */
  readonly before: string | undefined;
}

export class Records {
  readonly #folder: string;

  constructor({ home, env }: Pick<TranscriptOwner, 'home' | 'env'>) {
    const state = env['XDG_STATE_HOME'];
    const root = state === undefined || state === '' ? path.join(home, '.local/state') : state;
    this.#folder = path.join(root, 'hookpool/files');
  }

  /** @returns undefined for a file that was not changed, and for a record that cannot be read. */
  read(file: string, by: FileRecord['by'] = 'install'): FileRecord | undefined {
    const folder = this.folderOf(file, by);
    const text = readSettings(path.join(folder, 'record.json'));
    if (text === undefined) return undefined;
    const { data } = schema.safeParse(jsonOf(text));
    if (data === undefined) return undefined;
    const before = data.existed ? readSettings(path.join(folder, 'copy')) : undefined;
    return data.existed && before === undefined ? undefined : { ...data, before };
  }

  /** @returns the path of the copy, where there is one. */
  write({ before, ...record }: FileRecord): string | undefined {
    const folder = this.folderOf(record.file, record.by);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const copy = path.join(folder, 'copy');
    if (before !== undefined) writeSettings(copy, before, 0o600);
    writeSettings(path.join(folder, 'record.json'), `${JSON.stringify(record, null, 2)}\n`, 0o600);
    return before === undefined ? undefined : copy;
  }

  /**
   * Folders above a file that were made for other files, the outermost first: whichever of these
   * files goes last takes the folders along.
   */
  foldersAbove(file: string): string[] {
    if (!existsSync(this.#folder)) return [];
    const made = readdirSync(this.#folder).flatMap((key) => {
      const text = readSettings(path.join(this.#folder, key, 'record.json'));
      return schema.safeParse(jsonOf(text ?? '')).data?.folders ?? [];
    });
    return [...new Set(made)]
      .filter((folder) => file.startsWith(`${folder}/`))
      .toSorted((one, other) => one.length - other.length);
  }

  drop(file: string, by: FileRecord['by'] = 'install'): void {
    rmSync(this.folderOf(file, by), { recursive: true, force: true });
  }

  folderOf(file: string, by: FileRecord['by']): string {
    return path.join(this.#folder, hashOf(`${by} ${file}`).slice(0, 32));
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
