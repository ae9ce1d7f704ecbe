/** Writes the whole answer of the bridge, and then ends the process with the exit code. */

import type { Answer } from '../../answering/answer-for.ts';
import { plainText } from '../../plain-text.ts';

/** Timeout after which the process exits even if the reader has not taken the answer. */
const maxWriteMs = 2_000;
/** Exit code for an answer that could not be written, which may have been a block. */
const unwritten = 2;

export async function writeAndExit(
  { stdout, stderr, exitCode }: Answer,
  closing?: Promise<unknown>,
): Promise<never> {
  let code = unwritten;
  setTimeout(() => process.exit(code), maxWriteMs);
  await Promise.all([
    write(process.stdout, stdout).then((written) => {
      if (written) code = exitCode;
    }),
    write(process.stderr, stderr),
  ]);
  await closing?.catch(() => undefined);
  return process.exit(code);
}

function write(stream: NodeJS.WriteStream, text: string): Promise<boolean> {
  if (text === '') return Promise.resolve(true);
  return new Promise((resolve) => {
    stream.on('error', () => resolve(false));
    // An agent gets the bytes unchanged; a terminal would obey their control sequences.
    stream.write(stream.isTTY ? plainText(text) : text, (error) =>
      resolve(error === undefined || error === null),
    );
  });
}
