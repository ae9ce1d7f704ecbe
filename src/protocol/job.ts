/** One hook for one event, as a runner gets it. */
import type { Dialect } from './dialect.ts';
import type { Hook } from './hook.ts';
import type { Isolation } from './run.ts';

export interface Job {
  readonly dialect: Dialect;
  readonly hook: Hook;
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly context: Uint8Array;
  readonly transcript: Uint8Array | undefined;
}
