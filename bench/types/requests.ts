/** What hookpool is measured beside: the same request to the same server, without hookpool. */
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { certificate } from '../../test/outbound/certificate.ts';
import { expectNo } from './answers.ts';

const headers = { 'content-type': 'application/json', accept: 'application/json' };

/**
 * Posts over a connection of its own, as hookpool does, with node's own client.
 * @returns the body of the answer.
 */
export function post(url: string, body: string | Uint8Array): Promise<string> {
  const isTls = url.startsWith('https:');
  // Without an agent there is neither a kept connection nor a TLS session to resume.
  const options = { method: 'POST', agent: false, ca: isTls ? certificate : undefined } as const;
  return new Promise((resolve, reject) => {
    const sent = (isTls ? tlsRequest : plainRequest)(
      url,
      { ...options, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let said = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          said += text;
        });
        response.on('end', () => resolve(said));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Posts with fetch, which keeps the connection for the next call. */
export async function fetched(url: string, body: string): Promise<string> {
  return (await fetch(url, { method: 'POST', headers, body })).text();
}

/** Sends the bodies one after another; the last answer must be a no. */
export async function questions(url: string, bodies: readonly string[]): Promise<void> {
  let answer = '';
  for (const body of bodies) {
    answer = await post(url, body);
    JSON.parse(answer);
  }
  expectNo(answer);
}
