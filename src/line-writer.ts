/**
 * Lines for a reader that may be slow or gone. They are kept up to a limit, then dropped and counted: who writes a
 * line never waits for it.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from './deadline.ts';
import { type Descriptor, isFull, writeWhole } from './descriptor.ts';

const batchBytes = 64 << 10;
/** For lines that are written off the main thread: to hand over each by itself took 20 us of a request. */
const collectMs = 5;

export interface LineWriterOptions {
  readonly descriptor: Descriptor;
  /** Of the lines that wait; more are dropped. */
  readonly maxBytes: number;
  /** The reader reads again, after so many lines were dropped. */
  readonly onFlow?: (dropped: number) => void;
}

export class LineWriter {
  readonly #options: LineWriterOptions;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** Bytes that are on their way out, and the lines in them. */
  #batch: { bytes: Buffer; readonly lines: number } | undefined;
  #running: Promise<void> | undefined;
  #dropped = 0;
  #untold = 0;
  /** The last write went well: before, there is nobody to tell. */
  #flows = true;
  #closed = false;

  constructor(options: LineWriterOptions) {
    this.#options = options;
  }

  /** Lines that nobody will read. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @param line with its end. */
  write(line: string): void {
    if (this.#closed || this.#waitingBytes + line.length > this.#options.maxBytes) {
      this.#drop(1);
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    if (this.#running !== undefined) return;
    if (this.#options.descriptor.nonBlocking && this.#writeNow()) this.#tellLoss();
    else {
      this.#running = this.#writeLater().finally(() => {
        this.#running = undefined;
      });
    }
  }

  /** Takes no more; what waits has `withinMs` to be read. */
  async close(withinMs: number): Promise<void> {
    const written = await within(withinMs, this.#running ?? Promise.resolve());
    this.#closed = true;
    if (!written) this.#drop(this.#waiting.length + (this.#batch?.lines ?? 0));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** For the end of the process, where nothing can be waited for: once more what can be written at once. */
  flushSync(): void {
    if (this.#batch === undefined || this.#options.descriptor.nonBlocking) this.#writeNow();
  }

  /** @returns whether all is written. */
  #writeNow(): boolean {
    for (let batch = this.#next(); batch !== undefined; batch = this.#next()) {
      try {
        const written = writeSync(this.#options.descriptor.fd, batch.bytes);
        this.#batch = written < batch.bytes.length ? { ...batch, bytes: batch.bytes.subarray(written) } : undefined;
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
