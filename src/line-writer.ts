/**
 * Writes lines for a reader that may be slow or gone. Lines are kept up to a limit, then dropped
 * and counted, so that the caller never waits.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { settlesWithin } from './deadline.ts';
import { type Descriptor, isFull, writeWhole } from './descriptor.ts';

const batchBytes = 64 << 10;
/**
 * Delay in which lines are collected for a write off the main thread: a write for each line took 20
 * us of a request.
 */
const collectMs = 5;

export interface LineWriterOptions {
  readonly descriptor: Descriptor;
  /** Limit of the waiting lines; more are dropped. */
  readonly maxBytes: number;
  /** Called when the reader reads again, with the number of lines that were dropped before. */
  readonly onFlow?: (dropped: number) => void;
}

export class LineWriter {
  readonly #options: LineWriterOptions;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** Bytes that are being written, and the number of lines in them. */
  #batch: { bytes: Buffer; readonly lines: number } | undefined;
  #running: Promise<void> | undefined;
  #dropped = 0;
  #untold = 0;
  /**
   * The last write succeeded. After a failed one, a loss is reported only when a write has
   * succeeded again.
   */
  #flows = true;
  #closed = false;

  constructor(options: LineWriterOptions) {
    this.#options = options;
  }

  /** Number of lines that were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @param line including its line break. */
  write(line: string): void {
    if (this.#closed || this.#waitingBytes + line.length > this.#options.maxBytes) {
      this.#drop(1);
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    if (this.#running !== undefined) return;
    if (this.#options.descriptor.nonBlocking && this.#writeNow()) this.#tellLoss();
    else this.#running = this.#writeLater();
  }

  /**
   * Waits up to `withinMs` for the waiting lines to be written, then drops the rest and takes no
   * more.
   */
  async close(withinMs: number): Promise<void> {
    const written = await settlesWithin(withinMs, this.#running ?? Promise.resolve());
    this.#closed = true;
    if (!written) this.#drop(this.#waiting.length + (this.#batch?.lines ?? 0));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /**
   * Writes what can be written at once: for the end of the process, where nothing can be awaited.
   */
  flushSync(): void {
    if (this.#batch === undefined || this.#options.descriptor.nonBlocking) this.#writeNow();
  }

  /** @returns whether all is written. */
  #writeNow(): boolean {
    for (let batch = this.#next(); batch !== undefined; batch = this.#next()) {
      try {
        const written = writeSync(this.#options.descriptor.fd, batch.bytes);
        this.#batch =
          written < batch.bytes.length
            ? { ...batch, bytes: batch.bytes.subarray(written) }
            : undefined;
        this.#flows = true;
      } catch (error) {
        if (isFull(error)) return false;
        this.#lose(batch.lines);
      }
    }
    return true;
  }

  async #writeLater(): Promise<void> {
    const { descriptor } = this.#options;
    await sleep(collectMs);
    for (let batch = this.#next(); batch !== undefined; batch = this.#next()) {
      try {
        await writeWhole(descriptor, batch.bytes, () => this.#closed);
        this.#batch = undefined;
        this.#flows = true;
      } catch {
        this.#lose(batch.lines);
      }
      if (this.#waiting.length === 0) this.#tellLoss();
    }
    // Here, and not when the promise settles: a line between the two would wait for the next one.
    this.#running = undefined;
  }

  #next() {
    if (this.#batch !== undefined) return this.#batch;
    let bytes = 0;
    let lines = 0;
    for (const line of this.#waiting) {
      if (lines > 0 && bytes + line.length > batchBytes) break;
      bytes += line.length;
      lines++;
    }
    if (lines === 0) return undefined;
    const text = this.#waiting.splice(0, lines).join('');
    this.#waitingBytes -= text.length;
    this.#batch = { bytes: Buffer.from(text), lines };
    return this.#batch;
  }

  #lose(lines: number): void {
    this.#batch = undefined;
    this.#flows = false;
    this.#drop(lines);
  }

  #drop(lines: number): void {
    this.#dropped += lines;
    this.#untold += lines;
  }

  #tellLoss(): void {
    if (this.#untold === 0 || !this.#flows || this.#closed) return;
    const lines = this.#untold;
    this.#untold = 0;
    this.#options.onFlow?.(lines);
  }
}
