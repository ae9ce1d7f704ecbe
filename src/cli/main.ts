#!/usr/bin/env node
/**
 * The entry point: gives the arguments and the streams of this process to the command, and exits with
 * its exit code.
 */
import { UnavailableError } from '../errors.ts';
import { exitCodes, type Io } from './command.ts';
import { runCommandLine } from './command-line.ts';
import { streamIo } from './stream-io.ts';

const streams = streamIo(process);
const onHangUp = (listener: () => void) => void process.on('SIGHUP', listener);
const io: Io = Object.assign(streams, { stopSignal, onHangUp });

void runCommandLine(process.argv.slice(2), io).then(exitWhenWritten);

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes.unavailable);
      controller.abort(new UnavailableError('SHUTTING_DOWN', `Stopped by ${name}.`));
    });
  }
  return controller.signal;
}

/**
 * Exits once stdout and stderr are written: pipes are asynchronous, and an earlier exit would
 * truncate the output.
 */
function exitWhenWritten(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
