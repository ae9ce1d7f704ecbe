/** What a page asks the API for, as a state that it draws. */

import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../errors.ts';
import { ApiError } from './api.ts';

export type Loaded<T> =
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'loaded'; readonly value: T }
  | { readonly state: 'failed'; readonly value: T | undefined; readonly error: ApiError };

/**
 * Asks when the page appears and whenever the key changes; the answer to an older key is dropped,
 * and its request is ended.
 * @param key all that the request depends on
 * @param again a number that changes when the same is to be asked once more
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  again = 0,
): Loaded<T> {
  const [loaded, set] = useState<Loaded<T> & { key: string }>({
    key,
    state: 'loading',
    value: undefined,
  });
  useEffect(() => {
    const ended = new AbortController();
    set((before) => ({
      key,
      state: 'loading',
      value: before.key === key ? before.value : undefined,
    }));
    load(ended.signal).then(
      (value) => {
        if (!ended.signal.aborted) set({ key, state: 'loaded', value });
      },
      (error: unknown) => {
        if (ended.signal.aborted) return;
        set((before) => ({ key, state: 'failed', value: before.value, error: asApiError(error) }));
      },
    );
    return () => ended.abort();
  }, [key, again]);
  // Until the effect has run, the state is that of the key before.
  return loaded.key === key ? loaded : { state: 'loading', value: undefined };
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, {
    code: 'BUG',
    message: messageOf(error),
  });
}
