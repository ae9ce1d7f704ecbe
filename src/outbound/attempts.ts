/** When a request is made again: never because of what was answered, only because nothing was. */
import type { HttpAction } from '../protocol/http-action.ts';
import type { Exchanged } from './guarded-request.ts';

const again: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504, 529]);
const mostWaitMs = 60_000;

/**
 * Milliseconds before the next attempt; undefined: another one would end the same.
 * @param attempt the number of attempts so far.
 */
export function waitBefore(
  { answer, failure }: Exchanged,
  { statuses }: Pick<HttpAction, 'statuses'>,
  attempt: number,
  firstWaitMs: number,
): number | undefined {
  const status = answer?.status ?? 0;
  const hasMeaning = statuses?.[String(status)] !== undefined;
  const isWorthIt =
    failure === undefined
      ? again.has(status) && !hasMeaning
      : failure.code === 'TARGET_UNREACHABLE';
  if (!isWorthIt) return undefined;
  const asked = inMs(answer?.retryAfterMs) ?? retryAfterMs(answer?.retryAfter);
  if (asked !== undefined) return asked;
  // A quarter more or less, so that hooks that failed together do not come again together.
  return firstWaitMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

function inMs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `Retry-After` in seconds or as a date; undefined where it is neither. */
function retryAfterMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  return Math.min(mostWaitMs, Math.max(0, at - Date.now()));
}

/** @returns false where the signal ended the pause. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const end = (isOver: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(isOver);
    };
    const stop = () => end(false);
    const timer = setTimeout(() => end(true), ms);
    signal.addEventListener('abort', stop);
  });
}
