/** Draws what was asked for, or why it is not there; while a newer answer comes, the old one. */
import type { ComponentChildren } from 'preact';
import type { Loaded } from '../load.ts';
import { ApiFailure } from './failure.tsx';

interface Drawn<T> {
  readonly what: string;
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}

export function Loading<T>({ what, loaded, children }: Drawn<T>) {
  return (
    <>
      {loaded.state === 'failed' && (
        <ApiFailure title={`${what} cannot be shown`} error={loaded.error} />
      )}
      {loaded.value !== undefined && children(loaded.value)}
      {loaded.state === 'loading' && loaded.value === undefined && (
        <p class="quiet" role="status">
          Loading …
        </p>
      )}
    </>
  );
}
