/** An evaluation over HTTP by a client that reuses its connections. */
import { Agent, request } from 'node:http';
import type { Closers } from '../closers.ts';
import { type BenchContext, expectBlock, type Guard, tenant } from '../guards.ts';

export function overHttp(
  url: string,
  closers: Closers,
): (guard: Pick<Guard, 'hookset'>, context: BenchContext) => Promise<void> {
  const agent = new Agent({ keepAlive: true });
  closers.add(async () => agent.destroy());
  const address = new URL('/v1/evaluate', url);
  // A client already has its event as a text, so the bench builds each body only once.
  const bodies = new Map<string, string>();
  return async ({ hookset }, context) => {
    const key = `${hookset} ${context.text.length}`;
    const body = bodies.get(key) ?? bodyOf(hookset, context);
    bodies.set(key, body);
    expectBlock(JSON.parse(await post(address, agent, body)));
  };
}

function bodyOf(hookset: Guard['hookset'], { text }: BenchContext): string {
  return `{"hookset":"${hookset}","tenant":"${tenant}","context":${text}}`;
}

/** @returns the body of the answer. */
function post(url: URL, agent: Agent, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let said = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        said += text;
      });
      response.on('end', () => resolve(said));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
