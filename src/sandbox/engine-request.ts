/**
 * One request to the engine, and its JSON answer. node's own client is enough for the seven calls of
 * engine.ts: dockerode brings clients for ssh and gRPC, which take 0.2 s of CPU time to load.
 */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { isJsonObject } from '../protocol/json.ts';
import { connectionOf, type EngineAddress } from './engine-address.ts';
import { EngineRefusal } from './engine-errors.ts';

export interface EngineCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; without it the request has no body. */
  readonly body?: object;
}

/**
 * Sends one request over a connection that is kept for the next one.
 * @returns the JSON of the answer; undefined for an answer without a body.
 * @throws EngineRefusal for a status that is not 2xx; the error of the connection, also where an
 * answer is cut off.
 */
export async function askEngine(
  address: EngineAddress,
  { method, path, query = {}, body }: EngineCall,
  signal: AbortSignal,
): Promise<unknown> {
  const parameters = new URLSearchParams(query).toString();
  const content = body === undefined ? undefined : JSON.stringify(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = (address.protocol === 'https' ? https : http).request(
      {
        ...connectionOf(address),
        method,
        path: parameters === '' ? path : `${path}?${parameters}`,
        headers: {
          ...(content === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(method === 'GET' ? {} : { 'Content-Length': Buffer.byteLength(content ?? '') }),
        },
        signal,
      },
      resolve,
    );
    request.on('error', reject);
    request.end(content);
  });
  const answer = await text(response);
  const { statusCode = 0 } = response;
  if (statusCode < 200 || statusCode > 299) throw new EngineRefusal(statusCode, reasonIn(answer));
  return answer.trim() === '' ? undefined : JSON.parse(answer);
}

/** The engine's reason, which is the member `message` of a JSON object; else all that it said. */
function reasonIn(answer: string): string {
  try {
    const value: unknown = JSON.parse(answer);
    if (isJsonObject(value) && typeof value['message'] === 'string') return value['message'];
  } catch {
    // Not JSON: a proxy between the engine and this process answered.
  }
  return answer.trim();
}
