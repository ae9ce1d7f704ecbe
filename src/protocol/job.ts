/** One hook for one event, as a runner gets it. */
import type { Failure } from './decision.ts';
import type { Dialect } from './dialect.ts';
import type { Hook } from './hook.ts';
import type { Isolation } from './run.ts';

/** Why a hook without a script is not run: its failMode speaks. */
export const promptHookFailure: Failure = {
  code: 'HOOK_TYPE_UNSUPPORTED',
  message: 'This is a prompt hook: it needs a model, and hookpool runs command hooks only.',
};

export interface Job {
  readonly dialect: Dialect;
  readonly hook: Hook;
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly context: Uint8Array;
  readonly transcript: Uint8Array | undefined;
}
