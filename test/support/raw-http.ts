/** Raw requests that no client library would send. */
import http from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  readonly message: string;
}

/** Sends one request over a unix socket; an accepted upgrade has status 101. */
export function ask(
  socketPath: string,
  method: string,
  url: string,
  body = '',
  headers = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path: url, headers, agent: false });
    request.on('response', (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, message: messageIn(answer) }),
        reject,
      );
    });
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, message: '' });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends these bytes and returns everything that is received until the other side closes. */
export async function send(socketPath: string, bytes: string): Promise<string> {
  const socket = net.connect(socketPath);
  socket.write(bytes);
  const answer = await text(socket);
  socket.destroy();
  return answer;
}

function messageIn(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message ?? '');
  } catch {
    return '';
  }
}
