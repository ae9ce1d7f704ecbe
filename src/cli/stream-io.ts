/** What a command writes, on streams that may be a terminal. */
import { plainText } from '../plain-text.ts';
import type { Io } from './command.ts';
import { forPeople } from './table.ts';

/** A stream of a process; only one that is a terminal says so. */
interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(data: string | Uint8Array): unknown;
}

export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Columns of a table that no terminal shows. */
const unseenColumns = 160;

/** @param streams such as `process`, whose streams are opened when they are used. */
export function streamIo(streams: Streams): Omit<Io, 'stopSignal' | 'onHangUp'> {
  const writeText = (stream: Output, text: string) =>
    void stream.write(forPeople(text, isTerminal(stream)));
  return {
    stdin: () => streams.stdin,
    out: (text) => writeText(streams.stdout, text),
    err: (text) => writeText(streams.stderr, text),
    outBytes: (bytes) => writeBytes(streams.stdout, bytes),
    errBytes: (bytes) => writeBytes(streams.stderr, bytes),
    get terminal() {
      return isTerminal(streams.stdout);
    },
    get columns() {
      return streams.stdout.columns ?? unseenColumns;
    },
  };
}

function isTerminal({ isTTY }: Output): boolean {
  return isTTY === true;
}

/**
 * Writes bytes unchanged to a program, and without control characters to a terminal, which would
 * obey them.
 */
function writeBytes(stream: Output, bytes: Uint8Array): void {
  stream.write(isTerminal(stream) ? plainText(Buffer.from(bytes).toString()) : bytes);
}
