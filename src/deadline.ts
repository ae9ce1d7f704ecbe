/** Work that is waited for, and no longer than some time. The work itself goes on: who can end it has to. */

/**
 * Settles as `work` does, or after `timeoutMs` with what `late` returns or throws. What the work does
 * later is nobody's business any more, its failure included.
 */
export async function orLate<T, L>(timeoutMs: number, work: Promise<T>, late: () => L): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<L>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, passed]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the end of some work, good or bad, and no longer than `timeoutMs`. @returns whether it ended. */
export function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return orLate(timeoutMs, ended, () => false);
}
