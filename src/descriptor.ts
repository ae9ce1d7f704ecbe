/**
 * Writes to descriptors that may be slow, full or without a reader, without ever stopping the
 * process.
 */
import { constants, fstatSync, openSync, write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Descriptor {
  readonly fd: number;
  /**
   * A write that would block fails instead, whatever other processes do with their copies of the
   * descriptor.
   */
  readonly nonBlocking: boolean;
  /** A regular file, where a short write means that the disk is full. */
  readonly isFile: boolean;
}

/** Interval of retries while a descriptor takes no bytes. */
const retryMs = 50;

/**
 * Returns stdout or stderr for writes that do not block. A pipe or terminal is opened once more,
 * because all processes with a copy of a descriptor share whether its writes block; where that
 * fails, writes leave the main thread.
 */
export function standardDescriptor(fd: 1 | 2): Descriptor {
  const status = fstatSync(fd);
  if (status.isFile()) return { fd, nonBlocking: false, isFile: true };
  try {
    const own = openSync(
      `/proc/self/fd/${fd}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
    return { fd: own, nonBlocking: true, isFile: false };
  } catch {
    // Node makes the descriptor non-blocking when its stream is first accessed.
    void (fd === 1 ? process.stdout : process.stderr);
    return { fd, nonBlocking: false, isFile: false };
  }
}

export function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EAGAIN';
}

/**
 * Resolves when the kernel has taken all bytes. Waits for a slow reader until `giveUp` returns
 * true.
 * @throws Error when the disk is full, the reader is gone, or the write was given up; a part of the
 * bytes may have been written then.
 */
export async function writeWhole(
  { fd, isFile }: Descriptor,
  bytes: Uint8Array,
  giveUp: () => boolean,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const count = await writeSome(fd, bytes.subarray(written));
    written += count;
    if (written === bytes.length) return;
    if (isFile) throw new Error(`Only ${written} of ${bytes.length} bytes were written.`);
    if (giveUp()) throw new Error('Nobody reads it.');
    if (count === 0) await sleep(retryMs);
  }
}

function writeSome(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, (error, count) => {
      if (error === null || error === undefined) resolve(count);
      else if (isFull(error)) resolve(0);
      else reject(error);
    });
  });
}
