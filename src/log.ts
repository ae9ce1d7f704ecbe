/** The log: JSON lines on stderr, so that stdout stays free for audit records. */
import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';
import { type Descriptor, standardDescriptor } from './descriptor.ts';
import { LineWriter } from './line-writer.ts';
import { plainJson } from './plain-text.ts';

/** What must never be in a line; the lines that we write do not hold it, this is the second lock. */
const secrets = ['authorization', 'token', 'tokens', 'context', 'script', 'stdin', 'transcript', 'body'];
/** Lines for a reader that is slow: some seconds of a busy server. */
export const maxLogBytes = 1 << 20;
/** What waits at the end has so long to be read. */
const lastLinesMs = 1_000;

export interface Log {
  readonly logger: Logger;
  /** Lines that were not written, because nobody reads them or the disk is full. */
  readonly dropped: () => number;
  /** Writes what can be written in a second. */
  readonly close: () => Promise<void>;
}

/** Whoever opens it closes it. A line is never waited for: what nobody reads is dropped, and its number logged later. */
export function openLog(level: LogLevel, descriptor: Descriptor = standardDescriptor(2)): Log {
  const redact = { paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'req.headers'], censor: '[left out]' };
  const writer = new LineWriter({
    descriptor,
    maxBytes: maxLogBytes,
    onFlow: (dropped) => logger.warn({ dropped }, 'lines of the log were dropped: nobody read them, or the disk was full'),
  });
  const logger = pino({ level, redact, base: { name: 'hookpool' } }, { write: (line: string) => writer.write(plainJson(line)) });
  const atExit = () => writer.flushSync();
  process.once('exit', atExit);
  return {
    logger,
    dropped: () => writer.dropped,
    close: async () => {
      await writer.close(lastLinesMs);
      process.off('exit', atExit);
    },
  };
}
