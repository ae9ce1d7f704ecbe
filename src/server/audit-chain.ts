/**
 * The hash chain of an audit trail. The last two fields of each line are `seq`, which counts the
 * records, and `prev`, the SHA-256 of the line before it without its line break; only the first
 * line of a chain has no `prev`. Lines that were cut off are not in the chain.
 */
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { sha256 } from './audit-record.ts';

/** A line of the chain. */
export interface Link {
  readonly seq: number;
  /** Of the line without its line break. */
  readonly sha256: string;
}

/** What does not fit in a trail; `changed` alone says that somebody has tampered with it. */
export type ChainProblem = 'changed' | 'cut' | 'begins' | 'lost' | 'continues';

export interface ChainReport {
  readonly lines: number;
  /** Lines of the chain, and the first and the last of them. */
  readonly chained: number;
  readonly firstSeq: number | undefined;
  readonly last: Link | undefined;
  /** How often each problem was found, and in which line first, counted from 1. */
  readonly problems: ReadonlyMap<ChainProblem, { readonly line: number; readonly count: number }>;
}

const lineFeed = 0x0a;
/** Strings of a record have no quote without a backslash before it, and no other field this name. */
const chainFields = /,"seq":(\d{1,15})(?:,"prev":"([0-9a-f]{64})")?\}$/;
/** More than the two fields can have. */
const fieldsBytes = 128;
const firstReadBytes = 64 << 10;
/** More than a line can have: 8 Mi units of UTF-16 wait at most, with three bytes each. */
const maxTailBytes = 32 << 20;

/**
 * Adds the two fields.
 * @param json an object that is not empty
 * @param lost number of the records between it and the last line that could not be written
 * @returns the line without its line break
 */
export function chained(
  json: string,
  last: Link | undefined,
  lost: number,
): { readonly line: string; readonly link: Link } {
  const seq = (last?.seq ?? 0) + lost + 1;
  const prev = last === undefined ? '' : `,"prev":"${last.sha256}"`;
  const line = `${json.slice(0, -1)},"seq":${seq}${prev}}`;
  return { line, link: { seq, sha256: sha256(line) } };
}

/**
 * The last line of the chain in a file, of its last 32 MiB; undefined where they have none.
 * @param size of the file, in bytes
 */
export function lastLink(fd: number, size: number): Link | undefined {
  if (size === 0) return undefined;
  const most = Math.min(size, maxTailBytes);
  for (let bytes = firstReadBytes; ; bytes *= 4) {
    const tail = Buffer.alloc(Math.min(bytes, most));
    const read = readSync(fd, tail, 0, tail.length, size - tail.length);
    const link = lastLinkIn(tail.subarray(0, read), tail.length === size);
    if (link !== undefined || tail.length === most) return link;
  }
}

/** @param isWhole the bytes begin at the start of a line */
function lastLinkIn(bytes: Buffer, isWhole: boolean): Link | undefined {
  let end = bytes.lastIndexOf(lineFeed);
  while (end > 0) {
    const before = bytes.lastIndexOf(lineFeed, end - 1);
    if (before < 0 && !isWhole) return undefined;
    const line = bytes.subarray(before + 1, end);
    const seq = fieldsOf(line)?.seq;
    if (seq !== undefined) return { seq, sha256: sha256(line) };
    end = before;
  }
  return undefined;
}

function fieldsOf(line: Buffer): { readonly seq: number; readonly prev?: string } | undefined {
  const [, seq, prev] = chainFields.exec(line.subarray(-fieldsBytes).toString('latin1')) ?? [];
  return seq === undefined ? undefined : { seq: Number(seq), ...(prev && { prev }) };
}

/** Reads a trail of any size, in pieces, and compares each line with the one before it. */
export async function examineChain(bytes: AsyncIterable<Uint8Array>): Promise<ChainReport> {
  const examined = new ExaminedChain();
  for await (const piece of bytes) examined.read(Buffer.from(piece));
  return examined.end();
}

class ExaminedChain {
  #hash = createHash('sha256');
  /** The last bytes of the line that is being read. */
  #tail = Buffer.alloc(0);
  #lines = 0;
  #chained = 0;
  #firstSeq: number | undefined;
  #last: Link | undefined;
  readonly #problems = new Map<ChainProblem, { line: number; count: number }>();

  read(piece: Buffer): void {
    let start = 0;
    for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, start)) {
      this.#add(piece.subarray(start, end));
      this.#endLine(fieldsOf(this.#tail));
      start = end + 1;
    }
    this.#add(piece.subarray(start));
  }

  end(): ChainReport {
    // The trail ends every line before it writes the next one, so this one is cut off.
    if (this.#tail.length > 0) this.#endLine(undefined);
    return {
      ...{ lines: this.#lines, chained: this.#chained, firstSeq: this.#firstSeq },
      ...{ last: this.#last, problems: this.#problems },
    };
  }

  #add(part: Buffer): void {
    if (part.length === 0) return;
    this.#hash.update(part);
    this.#tail = Buffer.concat([this.#tail, part.subarray(-fieldsBytes)]).subarray(-fieldsBytes);
  }

  #endLine(fields: ReturnType<typeof fieldsOf>): void {
    const sha = this.#hash.digest('hex');
    this.#hash = createHash('sha256');
    this.#tail = Buffer.alloc(0);
    this.#lines++;
    if (fields === undefined) {
      this.#found('cut');
      return;
    }
    const { seq, prev } = fields;
    for (const problem of problemsOf(seq, prev, this.#last)) this.#found(problem);
    this.#chained++;
    this.#firstSeq ??= seq;
    this.#last = { seq, sha256: sha };
  }

  #found(problem: ChainProblem): void {
    const known = this.#problems.get(problem);
    if (known === undefined) this.#problems.set(problem, { line: this.#lines, count: 1 });
    else known.count++;
  }
}

/** @param last the line of the chain before it */
function problemsOf(
  seq: number,
  prev: string | undefined,
  last: Link | undefined,
): readonly ChainProblem[] {
  if (prev === undefined) {
    const lost = seq > 1 ? (['lost'] as const) : [];
    return last === undefined ? lost : ['begins', ...lost];
  }
  if (last === undefined) return ['continues'];
  if (prev !== last.sha256 || seq <= last.seq) return ['changed'];
  return seq > last.seq + 1 ? ['lost'] : [];
}
