/** A server that listens, calls of its tenants, and runs that a test holds. */
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { orFallback } from '../../src/deadline.ts';
import { parseTokens } from '../../src/server/auth.ts';
import { ask } from '../support/server.ts';
import { type AppUnderTest, appUnderTest, stopContext, stopHook } from './app-under-test.ts';
import { type RawCall, sendRaw } from './half-requests.ts';

export const tokenOf = (tenant: string) => `token-of-tenant-${tenant}`;

export const list = (...tenants: string[]) =>
  parseTokens(
    't',
    JSON.stringify(tenants.map((tenant) => ({ token: tokenOf(tenant), tenant, role: 'admin' }))),
  );

export const bearer = (tenant: string) => ({ authorization: `Bearer ${tokenOf(tenant)}` });

export const evaluation = {
  context: stopContext,
  hooks: stopHook('exit 2', { failMode: 'block' }),
};

/** @returns a function that starts a server; it and the calls end with the test. */
export function useListener() {
  const calls: RawCall[] = [];
  const apps: AppUnderTest['app'][] = [];
  afterEach(async () => {
    for (const { socket } of calls.splice(0)) socket.destroy();
    for (const app of apps.splice(0)) await app.close();
  });
  return async (options: Parameters<typeof appUnderTest>[0]) => {
    const { app } = appUnderTest({ tokens: list('a', 'b'), ...options });
    apps.push(app);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const send = async (bytes: string | Buffer) => {
      const call = await sendRaw(port, bytes);
      calls.push(call);
      return call;
    };
    const evaluate = (tenant: string, more: object = {}) =>
      ask('POST', `${url}/v1/evaluate`, {
        json: { ...evaluation, ...more },
        headers: bearer(tenant),
      });
    return { url, send, evaluate };
  };
}

/** Undefined when there is no answer within 50 ms. */
export function soon<T>(asked: Promise<T>): Promise<T | undefined> {
  return orFallback(50, asked, () => undefined);
}

/** Runs until it is let go. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
