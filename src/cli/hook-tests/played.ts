/** Answers in place of requests: they look like those that came over a connection. */

import type { TargetAnswer } from '../../outbound/exchange.ts';
import { type Exchanged, type GuardedRequest, timeoutOf } from '../../outbound/guarded-request.ts';
import type { Failure, HookError } from '../../protocol/decision.ts';

/** What a test says in place of a server: an answer or a failure. */
export interface PlannedAnswer {
  readonly answer?: TargetAnswer;
  readonly failure?: HookError | Failure;
  /** Milliseconds until then. Nobody waits for them: beyond the timeout it is a timeout. */
  readonly afterMs: number;
}

/** A planned answer with the facts of a request that was not made. */
export function played(
  { answer, failure, afterMs }: PlannedAnswer,
  request: GuardedRequest,
): Exchanged {
  const { url, method, body, timeoutMs } = request;
  const facts = {
    ...{ method, host: url.host, port: url.port, path: url.path, address: null, attempts: 1 },
    ...{ status: answer?.status ?? null, requestBytes: body.length },
    ...{ responseBytes: answer?.body.length ?? 0, connectMs: null, firstByteMs: null },
    totalMs: afterMs,
  };
  if (afterMs >= timeoutMs) return { failure: timeoutOf(request), facts };
  return failure === undefined ? { answer: answer as TargetAnswer, facts } : { failure, facts };
}
