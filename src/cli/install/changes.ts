/** Carries out changes of files, or shows them. */
import path from 'node:path';
import { exitCodes, type Io } from '../command.ts';
import { type FileRecord, hashOf, type Records } from './records.ts';
import { removeSettings, writeSettings } from './settings-file.ts';
import { unifiedDiff } from './unified-diff.ts';
import type { Wired, WiredFile } from './wiring.ts';

export interface Change {
  /** Absolute, without links. */
  readonly file: string;
  readonly before: string | undefined;
  /** Folders that an earlier change has made. */
  readonly folders: readonly string[];
  readonly isScript: boolean;
  /** undefined: it stays as it is. */
  readonly after: Wired | Unwired | undefined;
}

/** The text that the file had; undefined: there was no file. */
export interface Unwired {
  readonly left: string | undefined;
}

export interface Changes {
  readonly by: FileRecord['by'];
  readonly changes: readonly Change[];
  /** What is said of a file that was changed, and of one that was not. */
  readonly done: string;
  readonly nothing: string;
  readonly notes: readonly string[];
}

export function changeOf({ text, record, place }: WiredFile, after: Change['after']): Change {
  const isScript = place.syntax === 'script';
  return { file: place.file, before: text, folders: record?.folders ?? [], isScript, after };
}

/** All changes are known before the first one is made. */
export function carryOut(
  all: Changes,
  records: Records,
  { io, isDry }: { readonly io: Io; readonly isDry: boolean },
): number {
  const { changes, nothing, notes } = all;
  for (const change of changes) {
    const name = shownName(change.file);
    if (change.after === undefined) io.out(`${name}: ${nothing}\n`);
    else if (isDry) io.out(unifiedDiff(name, change.before ?? '', textOf(change.after) ?? ''));
    else io.out(`${name}: ${write(all, change, records)}\n`);
  }
  if (changes.length === 0) io.out(`Nothing to do: ${nothing}\n`);
  const isChanged = changes.some(({ after }) => after !== undefined);
  if (isChanged && !isDry) io.out(notes.map((note) => `${note}\n`).join(''));
  return exitCodes.ok;
}

function shownName(file: string): string {
  const name = path.relative('.', file);
  return name.startsWith('..') ? file : name;
}

function textOf(after: Wired | Unwired): string | undefined {
  return 'left' in after ? after.left : after.text;
}

/** @returns what was done. */
function write({ by, done }: Changes, change: Change, records: Records): string {
  const { file, folders, isScript, after } = change;
  if (after === undefined || 'left' in after) {
    const left = after?.left;
    if (left === undefined) removeSettings(file, folders);
    else writeSettings(file, left, 0o644);
    records.drop(file);
    return left === undefined ? 'removed, as it was not there before.' : done;
  }
  const { text, chunks, base } = after;
  const existed = base !== undefined;
  const record = { by, file, sha256: hashOf(text), chunks: [...chunks], existed, before: base };
  // Before the file: a record of a text that was never written harms nothing.
  const known = [...new Set([...records.foldersAbove(file), ...folders])];
  const copy = records.write({ ...record, folders: known });
  const made = writeSettings(file, text, isScript ? 0o755 : 0o644);
  if (made.length > 0) records.write({ ...record, folders: [...known, ...made] });
  return copy === undefined ? done : `${done} The text before is in ${copy}.`;
}
