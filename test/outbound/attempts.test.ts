import { describe, expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { UnavailableError } from '../../src/errors.ts';
import { HttpHooks } from '../../src/outbound/http-hook.ts';
import { Secrets } from '../../src/outbound/secrets.ts';
import { Targets } from '../../src/outbound/targets.ts';
import type { HttpAction } from '../../src/protocol/http-action.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';
import { bytes, sampleHook } from '../protocol/samples.ts';
import { key, never, ok, run, status, useServices } from './http-hook-rig.ts';

const services = useServices();
const { answering } = services;

describe('attempts', () => {
  it('are repeated after a failure of the service, with the same key', async () => {
    const port = await answering(
      status(503),
      status(500),
      ok('{"decision":"block","reason":"no"}'),
    );
    const result = await run(port, { retries: 3 });
    expect(result).toMatchObject({ reason: 'no', asked: { attempts: 3, status: 200 } });
    const keys = services.requests.map((text) => /idempotency-key: (\w+)/.exec(text)?.[1]);
    expect(new Set(keys).size).toBe(1);
  });

  it('end with their number', async () => {
    const port = await answering(status(503));
    expect(await run(port, { retries: 1 })).toMatchObject({ asked: { attempts: 2 } });
  });

  it('are five for an async hook, which nobody waits for', async () => {
    const port = await answering(status(503));
    expect(await run(port, {}, { async: true })).toMatchObject({ asked: { attempts: 5 } });
  });

  it.each([status(400), status(401), status(413), ok('fine')])(
    'are not repeated after %j',
    async (answer) => {
      const port = await answering(answer);
      expect(await run(port, { retries: 3 })).toMatchObject({ asked: { attempts: 1 } });
    },
  );

  it('wait as long as the service asks, and not beyond the deadline', async () => {
    const soon = await answering(status(429, 'Retry-After: 0\r\n'), ok(''));
    expect(await run(soon, { retries: 1 })).toMatchObject({ asked: { attempts: 2 } });
    services.requests = [];
    const late = await answering(status(429, 'Retry-After: 5\r\n'), ok(''));
    expect(await run(late, { retries: 1 })).toMatchObject({
      cause: { code: 'HTTP_STATUS' },
      asked: { attempts: 1 },
    });
    services.requests = [];
    const dated = await answering(
      status(429, `Retry-After: ${new Date(0).toUTCString()}\r\n`),
      ok(''),
    );
    expect(await run(dated, { retries: 1 })).toMatchObject({ asked: { attempts: 2 } });
  });

  it('have one deadline together', async () => {
    const port = await services.servers.serve((socket) => socket.resume());
    const result = await run(port, { retries: 3 }, { timeoutMs: 100 });
    expect(result).toMatchObject({ cause: { code: 'HOOK_TIMED_OUT' }, asked: { attempts: 1 } });
  });

  it('end when the evaluation does', async () => {
    const abort = new AbortController();
    const port = await services.servers.serve((socket) => {
      socket.resume();
      abort.abort(new UnavailableError('DEADLINE', 'over'));
    });
    const result = await run(port, { retries: 3 }, {}, { signal: abort.signal });
    expect(result.cause).toMatchObject({ code: 'DEADLINE' });
  });
});

it('a tenant has a limited number of requests at once', async () => {
  const port = await services.servers.serve((socket) => socket.resume());
  const targets = new Targets({
    one: {
      ...{ hosts: ['127.0.0.1'], ports: [port], plain: true, path: '/', trusted: true },
      ...{ tenants: ['*'], private: ['127.0.0.0/8'], requestBytes: 4096, answerBytes: 4096 },
    },
  });
  const secrets = await Secrets.load({}, { variable: () => key, readFile: async () => key });
  const hooks = new HttpHooks({ targets, secrets, version: '1' });
  const url = parseRequestUrl(`http://127.0.0.1:${port}/`);
  const action: HttpAction = { kind: 'http', url, headers: {}, retries: 0, settings: {} };
  const job = {
    ...{ dialect: azure, hook: { ...sampleHook({ timeoutMs: 100 }), action }, tenant: 'acme' },
    ...{ isolation: 'tenant' as const, context: bytes('{}'), transcript: undefined },
  };
  const results = await Promise.all(Array.from({ length: 65 }, () => hooks.run(job, never)));
  const codes = results.map(({ cause }) => (cause.kind === 'fail-mode' ? cause.code : ''));
  expect(codes.filter((code) => code === 'OVERLOADED')).toHaveLength(1);
  expect(codes.filter((code) => code === 'HOOK_TIMED_OUT')).toHaveLength(64);
});
