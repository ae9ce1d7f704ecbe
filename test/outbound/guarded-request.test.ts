import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { ask, HostileServers } from './hostile-servers.ts';

let servers: HostileServers;
beforeEach(() => {
  servers = new HostileServers();
});
afterEach(() => servers.close());

const at = (port: number, path = '/check') => `http://127.0.0.1:${port}${path}`;

describe('a request that is answered', () => {
  it('gives status, body and facts', async () => {
    const port = await servers.answers('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}');
    const { answer, failure, facts } = await ask({ url: at(port, '/check?key=hush') });
    expect(failure).toBeUndefined();
    expect(answer?.status).toBe(200);
    expect(Buffer.from(answer?.body ?? []).toString()).toBe('{"ok":true}');
    expect(facts).toMatchObject({
      ...{ method: 'POST', host: '127.0.0.1', port, path: '/check', status: 200 },
      ...{ requestBytes: 2, responseBytes: 11, address: '127.0.0.1' },
    });
    expect(facts.connectMs).toBeLessThanOrEqual(Number(facts.firstByteMs));
    expect(facts.firstByteMs).toBeLessThanOrEqual(facts.totalMs);
    expect(JSON.stringify(facts)).not.toContain('hush');
  });

  it('sends head and body as they are, with the query, and no header of its own but two', async () => {
    let got = '';
    const port = await servers.serve((socket) =>
      socket.on('data', (chunk) => {
        got += chunk;
        if (got.endsWith('{"a":1}')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      }),
    );
    const headers = { 'X-Mine': 'yes' };
    const { answer } = await ask({
      url: at(port, '/a?b=c'),
      headers,
      body: Buffer.from('{"a":1}'),
    });
    expect(answer?.status).toBe(204);
    const head = got.split('\r\n\r\n')[0]?.split('\r\n') ?? [];
    expect(head[0]).toBe('POST /a?b=c HTTP/1.1');
    expect(
      head
        .slice(1)
        .map((line) => line.toLowerCase())
        .toSorted(),
    ).toEqual(['connection: close', 'content-length: 7', `host: 127.0.0.1:${port}`, 'x-mine: yes']);
  });

  it('leaves no connection behind', async () => {
    const port = await servers.serve((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
    );
    expect((await ask({ url: at(port) })).answer?.status).toBe(200);
    await servers.allGone();
  });

  it('passes over a few interim answers', async () => {
    const port = await servers.answers(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    );
    expect((await ask({ url: at(port) })).answer?.status).toBe(200);
  });

  it('reports Retry-After', async () => {
    const port = await servers.answers(
      'HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n',
    );
    expect((await ask({ url: at(port) })).answer).toMatchObject({ status: 429, retryAfter: '7' });
  });
});

describe('an answer that is not taken:', () => {
  it('a redirect is not followed', async () => {
    const other = await servers.answers('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const port = await servers.answers(
      `HTTP/1.1 302 Found\r\nLocation: ${at(other)}\r\nContent-Length: 0\r\n\r\n`,
    );
    expect((await ask({ url: at(port) })).answer?.status).toBe(302);
    expect(servers.connections).toBe(1);
  });

  const gzipped = gzipSync(Buffer.alloc(1 << 20));
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  it.each([
    ['no HTTP', 'SSH-2.0-x\r\n', 'it is not HTTP'],
    ['headers above 16 KiB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(30_000)}\r\n\r\n`, 'its headers'],
    [
      'a declared length above the limit',
      'HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n',
      'more than 1024 bytes',
    ],
    [
      'more bytes than the limit',
      `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1025)}`,
      'more than 1024 bytes',
    ],
    [
      'more chunks than the limit',
      `${chunked}${'200\r\n'.concat('x'.repeat(512), '\r\n').repeat(3)}0\r\n\r\n`,
      'more than 1024 bytes',
    ],
    [
      'gzip',
      Buffer.concat([
        Buffer.from(
          `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${Math.min(gzipped.length, 900)}\r\n\r\n`,
        ),
        gzipped.subarray(0, 900),
      ]),
      'encoded',
    ],
    ['a cut body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"ok"', 'cut off'],
    ['a cut chunk', `${chunked}5\r\nab`, 'cut off'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'not HTTP',
    ],
    [
      'a length beside chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'not HTTP',
    ],
    ['endless interim answers', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50), 'never begins'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
      'changes the protocol',
    ],
  ])('%s', async (_, bytes, text) => {
    const port = await servers.serve((socket) => socket.once('data', () => socket.end(bytes)));
    const { answer, failure } = await ask({ url: at(port) });
    expect(answer).toBeUndefined();
    expect(failure?.code).toBe('HTTP_BODY');
    expect(failure?.message).toContain(text);
  });

  it('a connection that is reset before the answer is an unreachable target', async () => {
    const port = await servers.serve((socket) =>
      socket.once('data', () => socket.resetAndDestroy()),
    );
    const { failure, facts } = await ask({ url: at(port) });
    expect(failure?.code).toBe('TARGET_UNREACHABLE');
    expect(facts.status).toBeNull();
  });
});

describe('one deadline holds for', () => {
  const late = async (onSocket: Parameters<HostileServers['serve']>[0]) => {
    const port = await servers.serve(onSocket);
    const result = await ask({ url: at(port), timeoutMs: 100 });
    expect(result.failure).toMatchObject({ code: 'HOOK_TIMED_OUT' });
    expect(result.failure?.message).toContain(
      `127.0.0.1:${port} did not answer in full within 0.1 s`,
    );
    await servers.allGone();
    return result.facts;
  };

  it('the resolver', async () => {
    const network = { resolve: () => new Promise<never>(() => {}) };
    const { failure, facts } = await ask({ url: 'http://slow.test/', network, timeoutMs: 100 });
    expect(failure?.code).toBe('HOOK_TIMED_OUT');
    expect(facts.connectMs).toBeNull();
  });

  it('the head', async () => {
    const facts = await late((socket) => socket.resume());
    expect(facts.connectMs).not.toBeNull();
    expect(facts.firstByteMs).toBeNull();
  });

  it('a head of one byte after another', async () => {
    await late(drip('HTTP/1.1 200 OK\r\nX: ', 'x'));
  });

  it('a body of one byte after another', async () => {
    const facts = await late(drip('HTTP/1.1 200 OK\r\n\r\n', 'x'));
    expect(facts.status).toBe(200);
  });

  it('a request that nobody reads', async () => {
    const port = await servers.serve((socket) => socket.pause());
    const size = 8 << 20;
    const { failure } = await ask({
      ...{ url: at(port), timeoutMs: 100, body: Buffer.alloc(size), requestBytes: size },
    });
    expect(failure?.code).toBe('HOOK_TIMED_OUT');
  });

  /** A first text, then a byte every 5 ms. */
  function drip(first: string, byte: string): Parameters<HostileServers['serve']>[0] {
    return (socket) => {
      socket.write(first);
      const timer = setInterval(() => socket.write(byte), 5);
      socket.on('close', () => clearInterval(timer));
    };
  }
});

it('an abort ends the request with the cause of the abort', async () => {
  const abort = new AbortController();
  const port = await servers.serve((socket) =>
    socket.once('data', () => abort.abort(new UnavailableError('DEADLINE', 'over'))),
  );
  const { failure } = await ask({ url: at(port), signal: abort.signal });
  expect(failure).toEqual({ code: 'DEADLINE', message: 'over' });
  await servers.allGone();
});

it('a request of an aborted signal asks nobody', async () => {
  const resolve = () => Promise.reject(new Error('asked'));
  const signal = AbortSignal.abort(new UnavailableError('SHUTTING_DOWN', 'closing'));
  const { failure } = await ask({ url: 'http://a.test/', signal, network: { resolve } });
  expect(failure?.code).toBe('SHUTTING_DOWN');
});

it('a body above the limit of its target is not sent, and nothing is connected', async () => {
  const port = await servers.answers('HTTP/1.1 200 OK\r\n\r\n');
  const { failure } = await ask({ url: at(port), body: Buffer.alloc(1025) });
  expect(failure?.code).toBe('INPUT_TOO_LARGE');
  expect(servers.connections).toBe(0);
});
