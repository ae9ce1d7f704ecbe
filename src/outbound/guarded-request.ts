/**
 * The only way to the network for hooks: one request to one address that was judged, without
 * redirects, proxies or encodings, with limits for both bodies and one deadline for all of it.
 */
import { abortedError, OutboundError } from '../errors.ts';
import { type Failure, failureOf, type HookError } from '../protocol/decision.ts';
import type { RequestFacts } from '../protocol/request-facts.ts';
import { AnswerError } from './answer-error.ts';
import { type ConnectionPlace, openConnection } from './connection.ts';
import { exchange, type Message, type TargetAnswer } from './exchange.ts';
import { machineNetwork, type Network } from './network.ts';

export interface GuardedRequest extends ConnectionPlace, Message {
  /** Milliseconds for name, connection, TLS, request and answer together. */
  readonly timeoutMs: number;
  /** The most bytes of the body. */
  readonly requestBytes: number;
}

/** Either the answer or the failure is there. */
export interface Exchanged {
  readonly answer?: TargetAnswer;
  /** Why there is no answer that can be read. */
  readonly failure?: HookError | Failure;
  readonly facts: RequestFacts;
}

/** Makes the request and closes its connection. Whatever the target does is a value. */
export async function guardedRequest(
  request: GuardedRequest,
  signal: AbortSignal,
  network: Network = machineNetwork,
): Promise<Exchanged> {
  const { url, method, body, timeoutMs } = request;
  const started = performance.now();
  const since = () => performance.now() - started;
  const facts = {
    attempts: 1,
    ...{ method, host: url.host, port: url.port, path: url.path },
    ...{ status: null as number | null, requestBytes: body.length, responseBytes: 0 },
    ...{ connectMs: null as number | null, firstByteMs: null as number | null },
    address: null as string | null,
  };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(timedOut), timeoutMs);
  const either = AbortSignal.any([signal, deadline.signal]);
  let end = () => {};
  try {
    checkSize(request);
    const { socket, address } = await openConnection(request, network, either);
    end = () => socket.destroy();
    // Whatever waits for the socket ends with it.
    either.addEventListener('abort', end, { once: true });
    Object.assign(facts, { address, connectMs: since() });
    const progress = {
      onHead: (status: number) => Object.assign(facts, { status, firstByteMs: since() }),
      onBytes: (responseBytes: number) => Object.assign(facts, { responseBytes }),
    };
    const answer = await exchange(socket, request, progress, either);
    return { answer, facts: { ...facts, totalMs: since() } };
  } catch (error) {
    const failure = failureIn(error, request, signal);
    return { failure, facts: { ...facts, totalMs: since() } };
  } finally {
    clearTimeout(timer);
    end();
  }
}

function checkSize({ url, body, requestBytes }: GuardedRequest): void {
  if (body.length <= requestBytes) return;
  throw new OutboundError(
    'INPUT_TOO_LARGE',
    `The request to ${url.host} has ${body.length} bytes; its target takes ${requestBytes}: send less with payload.`,
  );
}

const timedOut = Symbol('timed out');

function failureIn(
  error: unknown,
  request: GuardedRequest,
  signal: AbortSignal,
): HookError | Failure {
  if (error === timedOut) return timeoutOf(request);
  if (signal.aborted) return failureOf(abortedError(signal));
  if (error instanceof AnswerError) return { code: 'HTTP_BODY', message: error.message };
  return failureOf(error);
}

/** The failure of a request whose deadline passed. */
export function timeoutOf({
  url,
  timeoutMs,
}: Pick<GuardedRequest, 'url' | 'timeoutMs'>): HookError {
  const seconds = Math.round(timeoutMs) / 1000;
  const message = `${url.host}:${url.port} did not answer in full within ${seconds} s.`;
  return { code: 'HOOK_TIMED_OUT', message };
}
