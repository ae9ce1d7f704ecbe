/** Short questions to a server, about itself. */
import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { messageOf } from '../../errors.ts';
import { parseUrl } from '../../parse-url.ts';

export interface ServerSaid {
  /** 0: no answer, and `text` says why. */
  readonly status: number;
  readonly text: string;
}

const longestMs = 5_000;

/** GET of a path; never throws. @param server `http://…`, `https://…` or `unix:///SOCKET` */
export async function askServer(
  server: string,
  path: string,
  token: string | undefined,
): Promise<ServerSaid> {
  const url = parseUrl(server);
  if (url === undefined) return { status: 0, text: `${server} is no URL` };
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const place: RequestOptions =
    url.protocol === 'unix:'
      ? { socketPath: decodeURIComponent(url.pathname), path }
      : { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port, path };
  const { request: open } = url.protocol === 'https:' ? https : http;
  const signal = AbortSignal.timeout(longestMs);
  try {
    return await new Promise<ServerSaid>((resolve, reject) => {
      const request = open({ ...place, headers, signal, agent: false });
      request.on('error', reject);
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        text(response).then((said) => resolve({ status, text: said }), reject);
      });
      request.end();
    });
  } catch (error) {
    return { status: 0, text: messageOf(error) };
  }
}
