/** A service on loopback, and one http hook that asks it. */
import { afterEach, beforeEach } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { HttpHooks, type HttpHooksOptions } from '../../src/outbound/http-hook.ts';
import { Secrets } from '../../src/outbound/secrets.ts';
import { Targets } from '../../src/outbound/targets.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { HttpAction } from '../../src/protocol/http-action.ts';
import type { RunCall } from '../../src/protocol/job.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';
import { bytes, sampleHook } from '../protocol/samples.ts';
import { HostileServers } from './hostile-servers.ts';

/** The value of the secret `key`, which stands in no result. */
export const key = 'planted-key-5f2c';
export const never = new AbortController().signal;

/**
 * Answers the requests in this order, the last answer for all further ones.
 * @param requests receives the requests. @returns the port.
 */
export const answeringAt = (
  servers: HostileServers,
  requests: string[],
  answers: readonly string[],
) =>
  servers.serve((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const [head = '', ...body] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (Buffer.byteLength(body.join('\r\n\r\n')) < length) return;
      requests.push(text);
      socket.end(String(answers[Math.min(requests.length, answers.length) - 1]));
    });
  });

/** The services of one test, and the requests that they got. */
export class Services {
  servers = new HostileServers();
  requests: string[] = [];

  /** A service that answers in this order, the last answer for all further ones. @returns its port */
  readonly answering = (...answers: string[]) => answeringAt(this.servers, this.requests, answers);
}

/** Services of its own for each test; they are closed after it. */
export function useServices(): Services {
  const services = new Services();
  beforeEach(() => {
    services.servers = new HostileServers();
    services.requests = [];
  });
  afterEach(() => services.servers.close());
  return services;
}

export const ok = (body: string) =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
export const status = (code: number, more = '') =>
  `HTTP/1.1 ${code} X\r\n${more}Content-Length: 2\r\n\r\nno`;

/** The http hooks of a process whose only target is the service at this port. */
export async function hooksAt(
  port: number,
  { trusted = true, ...options }: Partial<HttpHooksOptions> & { readonly trusted?: boolean } = {},
): Promise<HttpHooks> {
  const entry = {
    ...{ hosts: ['127.0.0.1'], ports: [port], plain: true, path: '/', trusted, tenants: ['acme'] },
    ...{ private: ['127.0.0.0/8'], requestBytes: 4096, answerBytes: 4096 },
  };
  const bound = { tenants: ['acme'], hosts: ['127.0.0.1'], keyEnv: 'KEY' };
  const secrets = await Secrets.load(
    { key: bound, elsewhere: { ...bound, hosts: ['a.test'] } },
    { variable: () => key, readFile: () => Promise.reject(new Error('none')) },
  );
  return new HttpHooks({
    ...{ targets: new Targets({ one: entry }), secrets, version: '9.9.9', firstWaitMs: 1 },
    ...options,
  });
}

export async function run(
  port: number,
  over: Partial<HttpAction> = {},
  hookOver: Partial<Omit<Hook, 'action'>> = {},
  {
    trusted = true,
    context = '{"tool_name":"Bash","n":12345678901234567890}',
    ...more
  }: {
    readonly trusted?: boolean;
    readonly context?: string;
    readonly signal?: AbortSignal;
    readonly tenant?: string;
    readonly options?: Partial<HttpHooksOptions>;
    readonly call?: Partial<RunCall>;
    /** Of the process; else they are made for this run. */
    readonly hooks?: HttpHooks;
  } = {},
) {
  const hooks = more.hooks ?? (await hooksAt(port, { trusted, ...more.options }));
  const action: HttpAction = {
    ...{ kind: 'http', url: parseRequestUrl(`http://127.0.0.1:${port}/check?q=${key}`) },
    ...{ headers: {}, retries: 0, settings: {}, ...over },
  };
  const hook = { ...sampleHook({ timeoutMs: 300, failMode: 'block', ...hookOver }), action };
  const job = {
    ...{ dialect: azure, hook, tenant: more.tenant ?? 'acme', isolation: 'tenant' as const },
    ...{ context: bytes(context), transcript: undefined },
  };
  const call: RunCall = {
    ...{ evaluationId: 'e-1', budgetMs: 1000, priority: 'normal', ...more.call },
  };
  return hooks.run(job, more.signal ?? never, call);
}
