/**
 * The audit trail: JSON Lines in a hash chain, append-only, one write per record. A record that was
 * cut off (a crash, a full disk) is ended before the next one, so that it spoils no other line.
 * Evaluations do not wait for their records: records queue up to a limit, and write() rejects those
 * beyond it.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { settlesWithin } from '../deadline.ts';
import { type Descriptor, writeWhole } from '../descriptor.ts';
import { messageOf } from '../errors.ts';
import { plainJson } from '../plain-text.ts';
import { chained, type Link, lastLink } from './audit-chain.ts';
import type { AuditRecord } from './audit-record.ts';

export interface AuditLog {
  /**
   * Resolves when the operating system has the record. Rejects when it could not be written whole,
   * or too many wait.
   */
  write(record: AuditRecord): Promise<void>;
  /**
   * Call after the file was renamed or removed: the next record goes to a new file of that name.
   */
  reopen(): void;
  /** Waits for the records that are being written, two seconds at most. */
  close(): Promise<void>;
}

const newline = 0x0a;
/** The space keeps a line that lacks nothing but its line break out of the chain. */
const cutEnd = ' \n';
/** Limit of the queue while the disk, or the reader of a pipe, does not take records. */
const maxWaitingBytes = 8 << 20;
/** Interval at which the trail checks that the path still leads to the open file. */
const checkMs = 1_000;
const lastRecordsMs = 2_000;

/**
 * Opens the file. A new one is readable by its owner only: reasons and output heads may quote what
 * the agent did.
 */
export function openAuditFile(path: string): AuditLog {
  return new AuditTrail(openFile(path), path);
}

/** The audit trail on stdout. */
export function auditStream(descriptor: Descriptor): AuditLog {
  return new AuditTrail({ descriptor, isBroken: false, last: undefined, inode: '' });
}

interface OpenFile {
  readonly descriptor: Descriptor;
  /** True when the file ends in the middle of a line. */
  readonly isBroken: boolean;
  /** The last line of the chain in the file. */
  readonly last: Link | undefined;
  /** Device and inode number, which differ in another file of the same name. */
  readonly inode: string;
}

interface Entry {
  readonly json: string;
  readonly written: () => void;
  readonly lost: (error: Error) => void;
}

class AuditTrail implements AuditLog {
  readonly #path: string | undefined;
  #file: OpenFile;
  #broken: boolean;
  /** The last line that was written whole. A new file goes on with the chain of the one before. */
  #last: Link | undefined;
  /** Number of records that were lost since. */
  #lost = 0;
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  #checkAt = performance.now() + checkMs;
  /** Why the next records cannot be written; undefined while there is a file. */
  #homeless: Error | undefined;
  #reopenAsked = false;
  #closed = false;

  constructor(file: OpenFile, path?: string) {
    this.#file = file;
    this.#broken = file.isBroken;
    this.#last = file.last;
    this.#path = path;
  }

  write(record: AuditRecord): Promise<void> {
    const json = plainJson(JSON.stringify(record));
    if (this.#closed || this.#waitingBytes + json.length > maxWaitingBytes) {
      this.#lost++;
      return Promise.reject(
        new Error('The audit trail is not written as fast as records come, or not at all.'),
      );
    }
    return new Promise((written, lost) => {
      this.#waiting.push({ json, written, lost });
      this.#waitingBytes += json.length;
      this.#running ??= this.#writeAll();
    });
  }

  reopen(): void {
    this.#reopenAsked = true;
  }

  async close(): Promise<void> {
    const ended = await settlesWithin(lastRecordsMs, this.#running ?? Promise.resolve());
    this.#closed = true;
    for (const { lost } of this.#waiting.splice(0))
      lost(new Error('The process ends before the record could be written.'));
    if (ended && this.#path !== undefined) closeSync(this.#file.descriptor.fd);
  }

  async #writeAll(): Promise<void> {
    for (let entry = this.#waiting[0]; entry !== undefined; entry = this.#waiting[0]) {
      try {
        await this.#write(entry.json);
        entry.written();
      } catch (error) {
        this.#lost++;
        entry.lost(new Error(messageOf(error), { cause: error }));
      }
      this.#waiting.shift();
      this.#waitingBytes -= entry.json.length;
    }
    // In the same step as the end of the loop: a record that comes after it has to start another.
    this.#running = undefined;
  }

  async #write(json: string): Promise<void> {
    await this.#followName();
    if (this.#homeless !== undefined) throw this.#homeless;
    const { line, link } = chained(json, this.#last, this.#lost);
    const bytes = Buffer.from(`${this.#broken ? cutEnd : ''}${line}\n`);
    const lostBefore = this.#lost;
    this.#broken = true;
    await writeWhole(this.#file.descriptor, bytes, () => this.#closed);
    this.#broken = false;
    this.#last = link;
    this.#lost -= lostBefore;
  }

  /** Opens a new file when the old one was rotated or removed. */
  async #followName(): Promise<void> {
    const now = performance.now();
    const path = this.#path;
    if (path === undefined || (now < this.#checkAt && !this.#reopenAsked)) return;
    this.#checkAt = now + checkMs;
    this.#reopenAsked = false;
    const inode = await stat(path, { bigint: true }).then(inodeOf, () => undefined);
    if (inode === this.#file.inode) {
      this.#homeless = undefined;
      return;
    }
    try {
      const file = openFile(path);
      closeSync(this.#file.descriptor.fd);
      this.#file = file;
      this.#broken = file.isBroken;
      this.#last = file.last ?? this.#last;
      this.#homeless = undefined;
    } catch (error) {
      this.#homeless = new Error(
        `The file of the audit trail is gone and cannot be made: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
}

/** Opens without blocking: a pipe whose reader takes nothing must not stop the process. */
function openFile(path: string): OpenFile {
  const { O_APPEND, O_CREAT, O_RDWR, O_NONBLOCK } = constants;
  const fd = openSync(path, O_APPEND | O_CREAT | O_RDWR | O_NONBLOCK, 0o600);
  const status = fstatSync(fd, { bigint: true });
  const isFile = status.isFile();
  const size = isFile ? Number(status.size) : 0;
  return {
    descriptor: { fd, isFile, nonBlocking: !isFile },
    isBroken: endsInsideLine(fd, size),
    last: lastLink(fd, size),
    inode: inodeOf(status),
  };
}

function inodeOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

function endsInsideLine(fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] !== newline;
}
