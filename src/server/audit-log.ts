/**
 * The audit trail: JSON Lines, append-only. One write per record; a record that was cut (a crash, a
 * full disk) is ended by a line break before the next one, so that it spoils no other line.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { AuditRecord } from './audit-record.ts';

export interface AuditLog {
  /** Returns when the system has the record. Throws when it could not be written whole. */
  write(record: AuditRecord): void;
  close(): void;
}

const newline = 0x0a;

/** Readable by the owner only: reasons and output heads may quote what the agent did. */
export function openAuditFile(path: string): AuditLog {
  const fd = openSync(path, 'a+', 0o600);
  let broken = endsInsideLine(fd);
  return {
    write(record) {
      const line = Buffer.from(`${broken ? '\n' : ''}${JSON.stringify(record)}\n`);
      broken = true;
      const written = writeSync(fd, line);
      if (written < line.length) throw new Error(`Only ${written} of ${line.length} bytes of an audit record were written.`);
      broken = false;
    },
    close: () => closeSync(fd),
  };
}

/** For stdout: `write` gets one whole line. */
export function auditStream(write: (line: string) => void): AuditLog {
  return { write: (record) => write(`${JSON.stringify(record)}\n`), close: () => undefined };
}

function endsInsideLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  if (size === 0 || !fstatSync(fd).isFile()) return false;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] !== newline;
}
