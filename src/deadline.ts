/** Timeouts for promises. The work itself is not cancelled; callers that can cancel it must. */

/**
 * Settles as `work` does, or after `timeoutMs` with what `late` returns or throws. A later result
 * or failure of the work is ignored.
 */
export async function orFallback<T, L>(
  timeoutMs: number,
  work: Promise<T>,
  late: () => L,
): Promise<T | L> {
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

/**
 * Waits until the work has settled, for at most `timeoutMs`. @returns whether it settled in time.
 */
export function settlesWithin(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return orFallback(timeoutMs, ended, () => false);
}

/**
 * Returns the result, or `fallback` after an error or `timeoutMs`: an unreachable service never
 * prevents a decision.
 */
export function orFallbackWithin<T>(
  asking: Promise<T>,
  fallback: T,
  timeoutMs: number,
): Promise<T> {
  const otherwise = () => fallback;
  return orFallback(Math.max(0, timeoutMs), asking.catch(otherwise), otherwise);
}
