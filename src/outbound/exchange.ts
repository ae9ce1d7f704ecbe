/** One request and its answer over a connection that is open, within limits. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { OutboundError } from '../errors.ts';
import { hostHeader, type RequestUrl } from '../protocol/request-url.ts';
import { AnswerError } from './answer-error.ts';
import { codeOf, untilStopped } from './stop.ts';

export interface Message {
  readonly url: RequestUrl;
  readonly method: 'POST';
  /** Checked by headers.ts. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The most bytes of the answer's body. */
  readonly answerBytes: number;
}

export interface TargetAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** The header `retry-after` as it was sent. */
  readonly retryAfter: string | undefined;
  /** The headers `retry-after-ms` and `request-id`, or `x-request-id`, as they were sent. */
  readonly retryAfterMs?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Told as soon as they are known, so that they are there when the rest fails. */
export interface Progress {
  onHead(status: number): void;
  onBytes(count: number): void;
}

/** Bytes of all headers of an answer; node's own limit, made explicit. */
const headBytes = 16 << 10;
/** Answers such as 100 Continue and 103 Early Hints that may precede the real one. */
const mostInterim = 8;

/**
 * Sends the message and reads the whole answer; a redirect is an answer like any other.
 * @throws AnswerError for an answer that cannot be read, OutboundError `TARGET_UNREACHABLE` when
 * there is none, or the signal's reason.
 */
export async function exchange(
  socket: Socket,
  message: Message,
  progress: Progress,
  signal: AbortSignal,
): Promise<TargetAnswer> {
  const head = await untilStopped(signal, headOf(socket, message));
  const status = Number(head.statusCode);
  progress.onHead(status);
  const body = await untilStopped(signal, bodyOf(head, message, progress));
  const one = (name: string) => [head.headers[name]].flat()[0];
  return {
    ...{ status, body, retryAfter: head.headers['retry-after'] },
    retryAfterMs: one('retry-after-ms'),
    requestId: one('request-id') ?? one('x-request-id'),
  };
}

function headOf(socket: Socket, message: Message): Promise<IncomingMessage> {
  const { url, method, headers, body } = message;
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      // The connection is handed over, so nothing is left to an agent or to the environment.
      createConnection: () => socket,
      method,
      path: `${url.path}${url.search}`,
      headers: { ...headers, host: hostHeader(url), 'content-length': body.length },
      maxHeaderSize: headBytes,
      insecureHTTPParser: false,
    });
    let interim = 0;
    sent.on('response', resolve);
    sent.on('information', () => {
      if (++interim > mostInterim) sent.destroy(new AnswerError('it never begins'));
    });
    sent.on('upgrade', () => reject(new AnswerError('it changes the protocol')));
    sent.on('error', (error) => reject(headProblem(error, url)));
    sent.end(body);
  });
}

function headProblem(error: Error, { host, port }: RequestUrl): Error {
  if (error instanceof AnswerError) return error;
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW')
    return new AnswerError(`its headers have more than ${headBytes} bytes`);
  if (code?.startsWith('HPE_')) return new AnswerError(`it is not HTTP (${code})`);
  return new OutboundError(
    'TARGET_UNREACHABLE',
    `${host}:${port} ended the connection before it answered${code === undefined ? '' : ` (${code})`}.`,
    { cause: error },
  );
}

/** Encoded answers are refused: 20 kB of gzip can be 20 MB, and nobody asked for them. */
function bodyOf(
  head: IncomingMessage,
  { answerBytes }: Message,
  progress: Progress,
): Promise<Uint8Array> {
  const encoding = head.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const tooLarge = new AnswerError(`it has more than ${answerBytes} bytes`);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    head.on('data', (chunk: Buffer) => {
      size += chunk.length;
      progress.onBytes(size);
      if (size > answerBytes) head.destroy(tooLarge);
      else chunks.push(chunk);
    });
    head.on('end', () => resolve(Buffer.concat(chunks)));
    head.on('error', (error) =>
      reject(error instanceof AnswerError ? error : new AnswerError('it was cut off')),
    );
    if (encoding !== '' && encoding !== 'identity')
      head.destroy(new AnswerError('it is encoded although accept-encoding is identity'));
    else if (Number(head.headers['content-length']) > answerBytes) head.destroy(tooLarge);
  });
}
