/** Questions to what may fail or hang. */

/** What is answered within `timeoutMs`, else `fallback`: what cannot be reached costs its help, never an answer. */
export async function answerWithin<T>(asking: Promise<T>, fallback: T, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(fallback), Math.max(0, timeoutMs));
  });
  try {
    return await Promise.race([asking.catch(() => fallback), late]);
  } finally {
    clearTimeout(timer);
  }
}
