/**
 * `hookpool hook` with servers that do what servers should not. Needs `npm run build`; no engine.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { type Asked, type StandIn, standIn } from '../support/stand-in-server.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-hook-'));
const context = '{"hook_event_name":"PreToolUse",  "n": 12345678901234567890.10, "é":"\\u00e9" }';
const servers: StandIn[] = [];

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(
  reply: (response: ServerResponse, asked: Asked) => void,
  socket?: string,
): Promise<StandIn> {
  const server = await standIn(reply, socket);
  servers.push(server);
  return server;
}

const good = (response: ServerResponse) =>
  response.end(JSON.stringify({ stdout: 'said\n', stderr: 'logged\n', exitCode: 2 }));
const ask = (
  server: string,
  args: readonly string[] = [],
  input = context,
  env: NodeJS.ProcessEnv = {},
) =>
  hookpool(
    ['hook', '--dialect', 'claude-code', '--hookset', 'mine', '--server', server, ...args],
    input,
    env,
  );
const blockOf = (stdout: string): string => {
  const said = JSON.parse(stdout);
  expect(said).toEqual({
    decision: 'block',
    reason: expect.stringContaining('hookpool has no decision: '),
  });
  return said.reason;
};

describe('a server that answers', () => {
  test('is asked with the bytes of stdin, and its answer is given on', async () => {
    const server = await serve(good);
    expect(await ask(server.url)).toEqual({ code: 2, stdout: 'said\n', stderr: 'logged\n' });
    expect(server.asked[0]).toMatchObject({
      body: context,
      headers: { 'content-type': 'application/json' },
    });
    expect(server.asked[0]?.url).toMatch(
      /^\/v1\/hook\?dialect=claude-code&hookset=mine&deadlineMs=2[34]\d\d\d$/,
    );
  });

  test('gets the options, a hooks file behind the context, and the token, but no variable of the environment', async () => {
    const server = await serve(good);
    const hooks = path.join(folder, 'hooks.yaml');
    const token = path.join(folder, 'token');
    writeFileSync(hooks, 'hooks: {}\n');
    writeFileSync(token, 'of-the-file\n');
    const args = [
      '--dialect',
      'codex',
      '--hooks',
      hooks,
      '--event',
      'a b',
      '--tenant',
      't',
      '--thread',
      '19:x',
      '--deadline',
      '2',
    ];
    const env = {
      HOOKPOOL_SERVER: `${server.url}/prefix/`,
      HOOKPOOL_TOKEN: 'of-the-environment',
      SECRET: 'the-secret',
    };
    await hookpool(['hook', ...args], context, env);
    await hookpool(['hook', ...args, '--token-file', token], context, env);
    const [first, second] = server.asked;
    const bytes = Buffer.byteLength(context);
    expect(first?.url).toMatch(
      new RegExp(
        `^/prefix/v1/hook\\?dialect=codex&event=a%20b&tenant=t&thread=19%3Ax&contextBytes=${bytes}&deadlineMs=1\\d\\d\\d$`,
      ),
    );
    expect(first?.body).toBe(`${context}hooks: {}\n`);
    expect(first?.headers.authorization).toBe('Bearer of-the-environment');
    expect(second?.headers.authorization).toBe('Bearer of-the-file');
    expect(JSON.stringify(server.asked)).not.toContain('the-secret');
  });

  test('can listen on a socket', async () => {
    const server = await serve(good, path.join(folder, 'a.sock'));
    expect((await ask(server.url)).stdout).toBe('said\n');
  });

  test('gets and gives megabytes', async () => {
    const long = 'x'.repeat(3 << 20);
    const server = await serve((response, { body }) =>
      response.end(JSON.stringify({ stdout: body, stderr: '', exitCode: 0 })),
    );
    expect((await ask(server.url, [], long)).stdout).toBe(long);
  });
});

describe('without an answer the tool does not run', () => {
  const json = (value: unknown) => (response: ServerResponse) =>
    void response.end(JSON.stringify(value));
  const error = (status: number) => (response: ServerResponse) => {
    response.statusCode = status;
    response.end('{"error":{"code":"SOME_CODE","message":"Some message."}}');
  };
  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['is bad input', error(400), /the server answered 400 SOME_CODE: Some message\./],
    ['is overloaded', error(503), /503 SOME_CODE/],
    ['is an error page', (response) => void response.writeHead(502).end('<html>'), /502/],
    ['is no JSON', (response) => void response.end('<html>'), /none of hookpool/],
    ['is an array', json([]), /none of hookpool/],
    ['is null', json(null), /none of hookpool/],
    ['has no texts', json({ stdout: 1, stderr: '', exitCode: 0 }), /none of hookpool/],
    [
      'has an exit code of its own',
      json({ stdout: '', stderr: '', exitCode: 1 }),
      /none of hookpool/,
    ],
    ['is empty', (response) => void response.end(), /none of hookpool/],
    ['closes at once', (response) => void response.destroy(), /cannot be asked/],
    [
      'closes in the middle',
      (response) =>
        void response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
      /cannot be asked/,
    ],
    ['never ends', flood, /more than \d+ bytes/],
  ])('that %s', async (_, reply, why) => {
    const server = await serve(reply);
    const { code, stdout } = await ask(server.url);
    expect(code).toBe(0);
    expect(blockOf(stdout)).toMatch(why);
  });

  test('when nobody listens', async () => {
    const { stdout } = await ask('http://127.0.0.1:1');
    expect(blockOf(stdout)).toMatch(
      /http:\/\/127\.0\.0\.1:1 cannot be asked \(ECONNREFUSED\)\. Is hookpool serve running/,
    );
  });

  test.each([
    'ftp://x',
    'nonsense',
    'unix:///nowhere.sock',
    'http://no-such-host.invalid',
    'https://127.0.0.1:1',
  ])('of %s', async (server) => {
    blockOf((await ask(server)).stdout);
  });

  test('when something else than HTTP listens', async () => {
    const server = net
      .createServer((socket) => socket.resume().end('220 mail ready\r\n'))
      .listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    blockOf((await ask(`http://127.0.0.1:${port}`)).stdout);
    server.close();
  });

  test.each([
    ['never answers', () => undefined],
    [
      'answers with half',
      (response: ServerResponse) => void response.writeHead(200).write('{"stdout":'),
    ],
  ])('of a server that %s, by the deadline', async (_, reply) => {
    const server = await serve(reply);
    const startedAt = performance.now();
    const { code, stdout } = await ask(server.url, ['--deadline', '0.5']);
    expect(performance.now() - startedAt).toBeGreaterThan(499);
    expect(code).toBe(0);
    expect(blockOf(stdout)).toContain('0.5 s have passed without an answer');
  });

  test('when stdin is empty', async () => {
    const server = await serve(good);
    const { code, stderr } = await ask(server.url, [], '');
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is nothing on stdin')]);
    expect(server.asked).toEqual([]);
  });

  test('when the token file is not there', async () => {
    const server = await serve(good);
    expect(blockOf((await ask(server.url, ['--token-file', '/nowhere'])).stdout)).toContain(
      '/nowhere cannot be read',
    );
  });

  test('but it may, with --fail-mode allow, and is told so', async () => {
    const { code, stdout } = await ask('http://127.0.0.1:1', ['--fail-mode', 'allow']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      systemMessage: expect.stringContaining('The agent goes on without one.'),
    });
  });

  test('and the agent may stop at the end of its turn', async () => {
    const { code, stdout } = await ask('http://127.0.0.1:1', [], '{"hook_event_name":"Stop"}');
    expect([code, Object.keys(JSON.parse(stdout))]).toEqual([0, ['systemMessage']]);
  });
});

test.each([
  [
    ['--dialect', 'clippy', '--hookset', 'a', '--server', 'http://127.0.0.1:1'],
    'There is no dialect "clippy"',
  ],
  [['--hookset', 'a'], '--dialect is missing'],
  [['--dialect', 'codex', '--hookset', 'a', '--nope'], "Unknown option '--nope'"],
])('a mistake in the command line blocks: %j', async (args, message) => {
  const { code, stdout, stderr } = await hookpool(['hook', ...args], context);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('--help is for people', async () => {
  expect(await hookpool(['hook', '--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--fail-mode'),
  });
});

describe('the process', () => {
  const start = (server: string, args: readonly string[] = []) =>
    spawn(process.execPath, [
      main,
      'hook',
      '--dialect',
      'gemini-cli',
      '--hookset',
      'a',
      '--server',
      server,
      ...args,
    ]);
  const ended = (child: ReturnType<typeof start>) =>
    new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  test('answers by its deadline when stdin never ends', async () => {
    const server = await serve(good);
    const child = start(server.url, ['--deadline', '0.5']);
    child.stdin.write('{"hook_event_name":"BeforeTool"');
    const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
    expect(code).toBe(2);
    expect(blockOf(stdout)).toContain('0.5 s');
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'answers when it gets %s, which some agents take for consent',
    async (signal) => {
      let child: ReturnType<typeof start> | undefined;
      const server = await serve(() => child?.kill(signal));
      child = start(server.url);
      child.stdin.end('{"hook_event_name":"BeforeTool"}');
      const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
      expect([code, blockOf(stdout)]).toEqual([
        0,
        expect.stringContaining(`it was ended by ${signal}`),
      ]);
    },
  );

  test('ends with 2 when its answer cannot be written', async () => {
    const server = await serve(
      (response) => void response.end(JSON.stringify({ stdout: 'x', stderr: '', exitCode: 0 })),
    );
    const child = start(server.url);
    child.stdout.destroy();
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    expect(await ended(child)).toBe(2);
  });

  test('ends with 2 when nobody reads its answer', async () => {
    const server = await serve(
      (response) =>
        void response.end(JSON.stringify({ stdout: 'x'.repeat(1 << 20), stderr: '', exitCode: 0 })),
    );
    const child = start(server.url);
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    expect(await ended(child)).toBe(2);
    child.stdout.destroy();
  });

  test('does not mind a stderr that nobody reads', async () => {
    const server = await serve(
      (response) => void response.end(JSON.stringify({ stdout: 'x', stderr: 'y', exitCode: 0 })),
    );
    const child = start(server.url);
    child.stderr.destroy();
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
    expect([code, stdout]).toEqual([0, 'x']);
  });
});

function flood(response: ServerResponse): void {
  const chunk = 'x'.repeat(1 << 20);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    response.once('drain', more);
  };
  response.on('error', () => undefined);
  more();
}
