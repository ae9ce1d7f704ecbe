import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeBridgeHere } from '../support/bridges.ts';
import { hookpool } from '../support/cli.ts';
import { blockOf, context, good, useStandIns } from './bridge-calls.ts';

const serve = useStandIns();

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-hook-'));

afterAll(() => rmSync(folder, { recursive: true }));

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

/** The others show what the process does with an answer, and without one. */
const askHere = (server: string) =>
  nodeBridgeHere({ dialect: 'claude-code', hookset: 'mine', server, context });

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

  test('whose hooks read the transcript is asked again, with its newest lines', async () => {
    const server = await serve((response, { headers }) => {
      if (headers['hookpool-transcript'] === 'offered') response.writeHead(428).end('{}');
      else good(response);
    });
    const sessions = path.join(folder, '.claude/projects/p');
    mkdirSync(sessions, { recursive: true });
    writeFileSync(path.join(sessions, 's.jsonl'), '{"a":"é"}\n{"b":2}\n');
    const of = (name: string) => JSON.stringify({ transcript_path: path.join(sessions, name) });
    const env = { HOME: folder };
    const said = { code: 2, stdout: 'said\n' };
    const small = ['--transcript-bytes', '10'];
    const answers = await Promise.all([
      ask(server.url, [], of('s.jsonl'), env),
      ask(server.url, small, of('s.jsonl'), env),
      ask(server.url, [], of('gone'), env),
      ask(server.url, ['--transcript-bytes', '0'], of('s.jsonl'), env),
    ]);
    expect(answers).toMatchObject([
      { ...said, stderr: 'logged\n' },
      { ...said, stderr: 'logged\n' },
      { ...said, stderr: expect.stringMatching(/^logged\nhookpool hook: no transcript: ENOENT/) },
      { ...said, stderr: 'logged\n' },
    ]);
    const sent = server.asked.map(({ body, headers }) => [headers['hookpool-transcript'], body]);
    expect(sent.filter(([value]) => value !== 'offered').toSorted()).toEqual(
      [
        ['19', `${of('s.jsonl')}{"a":"é"}\n{"b":2}\n`],
        ['8', `${of('s.jsonl')}{"b":2}\n`],
        [undefined, of('gone')],
        [undefined, of('s.jsonl')],
      ].toSorted(),
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
    const { code, stdout } = await askHere(server.url);
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
    blockOf((await askHere(server)).stdout);
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

function flood(response: ServerResponse): void {
  const chunk = 'x'.repeat(1 << 20);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    response.once('drain', more);
  };
  response.on('error', () => undefined);
  more();
}
