/** Replaces `hookpool serve`, for answers that a correct server never returns. */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface StandIn {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

export async function standIn(
  reply: (response: ServerResponse, asked: Asked) => void,
  socket?: string,
): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = http.createServer(async (request, response) => {
    const one = { url: request.url ?? '', headers: request.headers, body: await text(request) };
    asked.push(one);
    reply(response, one);
  });
  server.listen(socket ?? { port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const url =
    socket === undefined
      ? `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      : `unix://${socket}`;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url, asked, close };
}
