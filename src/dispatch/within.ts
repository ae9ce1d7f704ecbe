/** Questions to what may fail or hang. */
import { orLate } from '../deadline.ts';

/** What is answered within `timeoutMs`, else `fallback`: what cannot be reached costs its help, never an answer. */
export function answerWithin<T>(asking: Promise<T>, fallback: T, timeoutMs: number): Promise<T> {
  const otherwise = () => fallback;
  return orLate(Math.max(0, timeoutMs), asking.catch(otherwise), otherwise);
}
