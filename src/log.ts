/** The log: JSON lines on stderr, so that stdout stays free for audit records. */
import { destination, type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

/** What must never be in a line; the lines that we write do not hold it, this is the second lock. */
const secrets = ['authorization', 'token', 'tokens', 'context', 'script', 'stdin', 'transcript', 'body'];

export function createLogger(level: LogLevel, fd = 2): Logger {
  const redact = { paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'req.headers'], censor: '[left out]' };
  return pino({ level, redact, base: { name: 'hookpool' } }, destination({ fd, sync: true }));
}
