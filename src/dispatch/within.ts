/** Requests to services that may fail or hang. */
import { orLate } from '../deadline.ts';

/**
 * Returns the result, or `fallback` after an error or `timeoutMs`: an unreachable service never prevents a decision.
 */
export function answerWithin<T>(asking: Promise<T>, fallback: T, timeoutMs: number): Promise<T> {
  const otherwise = () => fallback;
  return orLate(Math.max(0, timeoutMs), asking.catch(otherwise), otherwise);
}
