/** The end of the bridge: the answer, whole, and then the exit code. */

import type { Answer } from '../../answering/answer-for.ts';
import { plainText } from '../../plain-text.ts';

/** A reader that does not read gets the exit code all the same. */
const maxWriteMs = 2_000;
/** What could not be written may have been a block. */
const unwritten = 2;

export async function writeAndExit({ stdout, stderr, exitCode }: Answer, closing?: Promise<unknown>): Promise<never> {
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
    // An agent gets the bytes as they are; a person who tries the command has a terminal that obeys them.
    stream.write(stream.isTTY ? plainText(text) : text, (error) => resolve(error === undefined || error === null));
  });
}
