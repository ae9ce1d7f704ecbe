/** Answers of servers that keep to no rule: each ends as a value, in time, and leaves no connection. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, HostileServers } from './hostile-servers.ts';

let servers: HostileServers;
beforeEach(() => {
  servers = new HostileServers();
});
afterEach(() => servers.close());

const at = (port: number) => `http://127.0.0.1:${port}/check`;
const head = (headers: string, status = '200 OK') => `HTTP/1.1 ${status}\r\n${headers}\r\n`;
const chunked = head('Transfer-Encoding: chunked\r\n');
const encoded = (name: string, body: Uint8Array) =>
  Buffer.concat([
    Buffer.from(head(`Content-Encoding: ${name}\r\nContent-Length: ${body.length}\r\n`)),
    body,
  ]);

/** What came of an answer of these bytes: `STATUS BODY`, or `CODE MESSAGE`. */
async function outcome(bytes: string | Uint8Array): Promise<string> {
  const port = await servers.answers(bytes);
  const { answer, failure } = await ask({ url: at(port) });
  await servers.allGone();
  expect(servers.connections).toBe(1);
  if (answer === undefined)
    return `${failure?.code} ${failure?.message.replace('The answer cannot be used: ', '')}`;
  return `${answer.status} ${Buffer.from(answer.body)}`;
}

describe('an answer is not followed elsewhere:', () => {
  it.each([300, 301, 302, 303, 307, 308])('%d', async (status) => {
    const other = await servers.answers(head('Content-Length: 0\r\n'));
    const to = `Location: ${at(other)}\r\nRefresh: 0; url=${at(other)}\r\nContent-Length: 0\r\n`;
    expect(await outcome(head(to, `${status} Elsewhere`))).toBe(`${status} `);
  });
});

describe('an answer is read as far as it goes:', () => {
  it.each([
    [
      'a text behind its length',
      `${head('Content-Length: 2\r\n')}okHTTP/1.1 200 X\r\n\r\nevil`,
      '200 ok',
    ],
    [
      'a second answer',
      `${head('Content-Length: 2\r\n')}ok${head('Content-Length: 4\r\n')}evil`,
      '200 ok',
    ],
    ['chunks and trailers', `${chunked}2\r\nok\r\n0\r\nX-Decision: allow\r\n\r\n`, '200 ok'],
    ['a kept connection', `${head('Connection: keep-alive\r\nContent-Length: 2\r\n')}ok`, '200 ok'],
    ['no length, until it closes', `${head('')}ok`, '200 ok'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok', '200 ok'],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', '200 ok'],
    ['a body that its status forbids', `${head('Content-Length: 4\r\n', '204 X')}evil`, '204 '],
    [
      'the encoding identity',
      `${head('Content-Encoding: Identity\r\nContent-Length: 2\r\n')}ok`,
      '200 ok',
    ],
    [
      'a cookie and an upgrade on offer',
      `${head('Set-Cookie: a=b\r\nUpgrade: h2c\r\nContent-Length: 2\r\n')}ok`,
      '200 ok',
    ],
  ])('%s', async (_, bytes, expected) => {
    expect(await outcome(bytes)).toBe(expected);
  });
});

describe('an answer is none that can be read:', () => {
  const flood = 'x'.repeat(30_000);
  it.each([
    ['HTTP/0.9', 'ok', 'HTTP_BODY it is not HTTP'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HTTP_BODY it is not HTTP'],
    ['a frame of HTTP/2', Buffer.from('000000040000000000', 'hex'), 'HTTP_BODY it is not HTTP'],
    ['HTTP/2 in words', 'HTTP/2 200\r\n\r\n', 'HTTP_BODY it is not HTTP'],
    ['TLS', Buffer.from('15030100020228', 'hex'), 'HTTP_BODY it is not HTTP'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'HTTP_BODY it is not HTTP'],
    ['a length below 0', head('Content-Length: -1\r\n'), 'HTTP_BODY it is not HTTP'],
    [
      'a length above 2^64',
      head(`Content-Length: ${'9'.repeat(30)}\r\n`),
      'HTTP_BODY it is not HTTP',
    ],
    ['a length of words', head('Content-Length: two\r\n'), 'HTTP_BODY it is not HTTP'],
    ['a chunk below 0', `${chunked}-2\r\nok\r\n0\r\n\r\n`, 'HTTP_BODY it was cut off'],
    ['a chunk above 2^64', `${chunked}${'f'.repeat(17)}\r\nok`, 'HTTP_BODY it was cut off'],
    ['a chunk longer than it says', `${chunked}1\r\nok\r\n0\r\n\r\n`, 'HTTP_BODY it was cut off'],
    [
      'trailers above 16 KiB',
      `${chunked}2\r\nok\r\n0\r\nX: ${flood}\r\n\r\n`,
      'HTTP_BODY it was cut off',
    ],
    ['a name of 30 kB', head(`${flood}: x\r\n`), 'HTTP_BODY its headers'],
    ['20,000 headers', head('Xx: xx\r\n'.repeat(20_000)), 'HTTP_BODY its headers'],
    ['a reason of 30 kB', head('', `200 ${flood}`), 'HTTP_BODY its headers'],
    ['a folded header', head('X: a\r\n b\r\nContent-Length: 0\r\n'), 'HTTP_BODY it is not HTTP'],
    ['a line feed in a header', head('X: a\nY: b\rZ: c\r\n'), 'HTTP_BODY it is not HTTP'],
    ['a NUL in a header', head('X: a\0b\r\n'), 'HTTP_BODY it is not HTTP'],
    ['a blank before the colon', head('Content-Length : 2\r\n'), 'HTTP_BODY it is not HTTP'],
    ['gzip', encoded('gzip', gzipSync('{}')), 'HTTP_BODY it is encoded'],
    ['gzip by its old name', encoded('X-GZIP', gzipSync('{}')), 'HTTP_BODY it is encoded'],
    ['deflate', encoded('deflate', deflateSync('{}')), 'HTTP_BODY it is encoded'],
    ['brotli', encoded('br', brotliCompressSync('{}')), 'HTTP_BODY it is encoded'],
    ['identity, then gzip', encoded('identity, gzip', gzipSync('{}')), 'HTTP_BODY it is encoded'],
    [
      'interim answers with large headers',
      head(`X: ${flood}\r\n`, '103 X'),
      'HTTP_BODY its headers',
    ],
    ['an interim answer alone', head('', '100 Continue'), 'TARGET_UNREACHABLE'],
    ['nothing', '', 'TARGET_UNREACHABLE'],
    ['a head that is cut', 'HTTP/1.1 200 OK\r\nContent-Le', 'TARGET_UNREACHABLE'],
  ])('%s', async (_, bytes, expected) => {
    expect(await outcome(bytes)).toContain(expected);
  });
});

describe('a server', () => {
  it('that answers before it has the request, and resets, has answered or is unreachable', async () => {
    const port = await servers.serve((socket) => {
      socket.write(`${head('Content-Length: 2\r\n', '413 X')}no`, () => socket.resetAndDestroy());
    });
    const size = 4 << 20;
    const body = Buffer.alloc(size);
    const { answer, failure } = await ask({ url: at(port), body, requestBytes: size });
    expect(answer?.status ?? failure?.code).toBeOneOf([413, 'TARGET_UNREACHABLE', 'HTTP_BODY']);
  });

  it('that resets in the body has cut its answer off', async () => {
    const port = await servers.serve((socket) =>
      socket.once('data', () => {
        socket.write(`${head('Content-Length: 9\r\n')}{"ok"`);
        setTimeout(() => socket.resetAndDestroy(), 20);
      }),
    );
    const { failure } = await ask({ url: at(port) });
    expect(failure).toMatchObject({
      code: 'HTTP_BODY',
      message: 'The answer cannot be used: it was cut off.',
    });
  });

  it.each([
    ['extends its chunks', (n: number) => (n === 0 ? `${chunked}1;` : 'x'.repeat(999))],
    ['sends empty lines', (n: number) => (n === 0 ? '' : '\r\n'.repeat(99))],
    ['sends chunks of one byte', (n: number) => (n === 0 ? chunked : '1\r\nx\r\n'.repeat(99))],
    ['sends interim answers', () => head('', '102 X').repeat(9)],
  ])('that %s without end is left at a limit or the deadline', async (_, part) => {
    const port = await servers.serve((socket) => {
      let n = 0;
      const timer = setInterval(() => socket.write(part(n++)), 1);
      socket.on('close', () => clearInterval(timer));
    });
    const started = performance.now();
    const { answer, failure } = await ask({ url: at(port), timeoutMs: 150 });
    expect(answer).toBeUndefined();
    expect(failure?.code).toBeOneOf(['HTTP_BODY', 'HOOK_TIMED_OUT']);
    expect(performance.now() - started).toBeLessThan(1_500);
    await servers.allGone();
  });

  it('gets no second request on a connection that it keeps open', async () => {
    const port = await servers.serve((socket) =>
      socket.on('data', () =>
        socket.write(`${head('Connection: keep-alive\r\nContent-Length: 2\r\n')}ok`),
      ),
    );
    for (let n = 1; n <= 2; n++) {
      expect((await ask({ url: at(port) })).answer?.status).toBe(200);
      expect(servers.connections).toBe(n);
    }
    await servers.allGone();
  });
});
