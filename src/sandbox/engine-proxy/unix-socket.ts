/** Listens on a unix socket whose permissions are restricted from the moment when it appears. */
import { once } from 'node:events';
import { linkSync, lstatSync, renameSync, statSync, unlinkSync } from 'node:fs';
import net, { type Server } from 'node:net';
import { dirname } from 'node:path';
import { InvalidInputError, messageOf } from '../../errors.ts';

/** sun_path has 104 bytes on some systems, and Node truncates a longer name without an error. */
const maxPathBytes = 103;
const answerTimeoutMs = 1_000;

/**
 * Replaces a socket file on which no process listens any more; leaves any other file in its place
 * alone. The server removes the file when it closes.
 * @throws InvalidInputError `INVALID_CONFIG`
 */
export async function listenOnSocket(server: Server, path: string, mode: number): Promise<void> {
  if (Buffer.byteLength(path) > maxPathBytes)
    throw unusable(path, `its name has more than ${maxPathBytes} bytes`);
  checkFolder(path);
  await removeStale(path);
  try {
    const listening = once(server, 'listening');
    bindWithMode(server, path, mode);
    await listening;
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
}

/** Who may write to a folder can replace every socket in it. */
function checkFolder(path: string): void {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  // The system's own error for this is "permission denied".
  if (folder === undefined) throw unusable(path, 'its folder does not exist');
  const [writable, sticky] = [0o002, 0o1000].map((bit) => (folder.mode & bit) !== 0);
  if (writable && !sticky)
    throw unusable(path, 'everybody may write to its folder (chmod o-w it, or take another one)');
}

/**
 * Takes the file away before it looks a last time whether somebody listens: of two processes that
 * start at once, none removes the socket that the other one has just made.
 */
async function removeStale(path: string): Promise<void> {
  if (!isThere(path)) return;
  if (!lstatSync(path).isSocket()) throw unusable(path, 'it is a file of another kind');
  if (await isAnswered(path)) throw unusable(path, 'another process listens there');
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw unusable(path, messageOf(error));
  }
  const isTaken = lstatSync(aside).isSocket() && (await isAnswered(aside));
  if (isTaken) linkSync(aside, path);
  unlinkSync(aside);
  if (isTaken) throw unusable(path, 'another process listens there');
}

/** Sets the umask around listen(), which creates the file: a later chmod would come too late. */
function bindWithMode(server: Server, path: string, mode: number): void {
  const before = process.umask(0o777 & ~mode);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Only a refused connection proves that no process listens; a busy or forbidden one does not. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(path);
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(answerTimeoutMs, () => settle(true));
    socket.on('connect', () => settle(true));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code !== 'ECONNREFUSED'));
  });
}

function unusable(path: string, why: string): InvalidInputError {
  return new InvalidInputError('INVALID_CONFIG', `The socket ${path} cannot be used: ${why}.`);
}
