/** Connections of a test that say what no client would: half requests, or nothing. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawCall {
  readonly socket: Socket;
  /** All that came back so far. */
  readonly text: () => string;
  readonly closed: Promise<unknown>;
}

/** Sends these bytes and waits for nothing. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawCall> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return { socket, text: () => answer, closed };
}

/** The head of a POST and the beginning of its body. */
export function halfPost(
  place: string,
  token: string,
  declaredBytes: number | 'chunked',
  start = '{',
): string {
  const length =
    declaredBytes === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${declaredBytes}`;
  const body = declaredBytes === 'chunked' ? `${start.length.toString(16)}\r\n${start}\r\n` : start;
  return `POST ${place} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n${length}\r\n\r\n${body}`;
}
