/** Work that ends when a signal says so. */

/** Settles as the work does, or rejects with the signal's reason; the work is then ignored. */
export async function untilStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // Its later failure is nobody's.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** The code of an error of the system, such as `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
