/** The log: JSON lines on stderr, so that stdout stays free for audit records. */
import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';
import { type Descriptor, standardDescriptor } from './descriptor.ts';
import { LineWriter } from './line-writer.ts';
import { plainJson } from './plain-text.ts';

/**
 * Fields that must never be in a line. hookpool's own lines do not hold them; the redaction is a
 * second safeguard.
 */
const secrets = [
  'authorization',
  'token',
  'tokens',
  'context',
  'script',
  'stdin',
  'transcript',
  'body',
];
/** Buffer for a slow reader: some seconds of a busy server. */
export const maxLogBytes = 1 << 20;
/** Timeout for writing the waiting lines at the end. */
const lastLinesMs = 1_000;

export interface Log {
  readonly logger: Logger;
  /**
   * Number of lines that were dropped, because the reader was slow or gone, or the disk was full.
   */
  readonly dropped: () => number;
  /** Writes what can be written in a second. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the log; the caller must call close(). Logging never blocks: lines that cannot be written
 * are dropped, and their number is logged later.
 */
export function openLog(level: LogLevel, descriptor: Descriptor = standardDescriptor(2)): Log {
  const redact = {
    paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'req.headers'],
    censor: '[left out]',
  };
  const writer = new LineWriter({
    descriptor,
    maxBytes: maxLogBytes,
    onFlow: (dropped) =>
      logger.warn(
        { dropped },
        'lines of the log were dropped: nobody read them, or the disk was full',
      ),
  });
  const logger = pino(
    { level, redact, base: { name: 'hookpool' } },
    { write: (line: string) => writer.write(plainJson(line)) },
  );
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
