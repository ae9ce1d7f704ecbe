/**
 * The three bridges with servers of all kinds, by one table. The native one has to give every answer
 * of the one in node byte for byte, after the same requests. The other two need curl and a C compiler.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readers } from '../../answering/readers.ts';
import { blockOf, context, useStandIns } from '../../support/bridge-calls.ts';
import { type Bridge, bridgeHere, nativeBridge, shellBridge } from '../../support/bridges.ts';
import type { CliResult } from '../../support/cli.ts';
import { whyNoNativeBridge } from '../../support/native-bridge.ts';
import type { Asked } from '../../support/stand-in-server.ts';
import { answered, type BridgeCase } from './bridge-cases.ts';
import { handedOver, refusals } from './bridge-refusals.ts';
import { answer } from './bridge-replies.ts';
import { traces } from './bridge-traces.ts';

const serve = useStandIns();
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-hook-'));
afterAll(() => rmSync(folder, { recursive: true }));

const notNative = whyNoNativeBridge();
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const dialect = 'claude-code';

/** One call, and what the server was asked, without what differs by nature. */
async function call(bridge: Bridge, one: BridgeCase) {
  const { server, more, env } = one;
  const standIn = typeof server === 'string' ? undefined : await serve(server);
  const url = standIn?.url ?? String(server);
  const asking = { dialect, server: url, context: one.context ?? context, more, env };
  const { code, stdout, stderr } = await bridge(asking);
  // Each call has a server of its own, whose port differs.
  const known = (text: string) => (standIn ? text.replaceAll(url, 'SERVER') : text);
  const said = { code, stdout: known(stdout), stderr: known(stderr) };
  return { said, asked: (standIn?.asked ?? []).map(sameOf) };
}

function sameOf({ url, headers, body }: Asked) {
  const { accept: _, host, 'user-agent': _agent, ...others } = headers;
  const millis = /&deadlineMs=(\d+)$/.exec(url)?.[1];
  expect(Number(millis)).toBeGreaterThan(0);
  const place = url.replace(/\d+$/, 'MS');
  return { url: place, host: host?.replace(/:\d+$/, ''), others, body };
}

function checkSaid({ said }: BridgeCase, result: CliResult): void {
  if (!(said instanceof RegExp)) {
    expect(result).toEqual({ stderr: '', ...said });
    return;
  }
  const { code, stdout, stderr } = result;
  // Without a context there is no event, and the answer is the block that every agent reads.
  expect(code === 2 ? stderr : blockOf(stdout)).toMatch(said);
}

const blocked = [...refusals, ...handedOver].map((one) => ({
  ...one,
  name: `blocks when the server ${one.name}`,
}));

describe.each([...answered, ...blocked])('$name:', (one) => {
  test('hookpool hook, and the native bridge by the byte', async () => {
    // That needs the compiled program: test/integration/hook-bridge-process.test.ts.
    const isNative =
      notNative === undefined && !handedOver.some(({ server }) => server === one.server);
    const [inNode, native] = await Promise.all([
      call(bridgeHere, one),
      isNative ? call(nativeBridge, one) : undefined,
    ]);
    checkSaid(one, inNode.said);
    if (isNative) expect(native).toEqual(inNode);
  });

  test.skipIf(!hasCurl || one.notInShell !== undefined)(
    `hookpool-hook.sh ${one.notInShell === undefined ? '' : `(not asked: ${one.notInShell})`}`,
    async () => {
      const { said: result } = await call(shellBridge, one);
      if (!(one.said instanceof RegExp)) return checkSaid(one, result);
      const read = readers[dialect]?.('PreToolUse', { ...result, exitCode: result.code ?? -1 });
      expect([read, result.stdout + result.stderr]).toEqual([
        'block',
        expect.stringContaining('hookpool has no decision: '),
      ]);
    },
  );
});

const bridges = [
  ['hookpool hook', bridgeHere, true],
  ['the native bridge', nativeBridge, notNative === undefined],
  ['hookpool-hook.sh', shellBridge, hasCurl],
] as const;
const programs = bridges.slice(0, 2);

test.each(traces)('every bridge $name', async (one) => {
  const sent = await Promise.all(
    bridges.flatMap(([, bridge, isThere]) =>
      isThere && (bridge !== shellBridge || one.isInShell) ? [call(bridge, one)] : [],
    ),
  );
  for (const { asked } of sent) {
    const { traceparent, tracestate } = asked[0]?.others ?? {};
    expect({ traceparent, tracestate }).toEqual(one.sends);
  }
});

describe.each(bridges)('%s', (_, bridge, isThere) => {
  test.skipIf(!isThere)('asks a server that listens on a socket', async () => {
    const socket = path.join(
      folder,
      bridge === nativeBridge ? 'plain.sock' : `${bridge.name} é.sock`,
    );
    const server = await serve(answer('said'), socket);
    expect(await bridge({ dialect, server: server.url, context })).toMatchObject({
      stdout: 'said',
    });
    expect(server.asked).toMatchObject([{ body: context, headers: { host: 'localhost' } }]);
  });

  test.skipIf(!isThere)('sends the newest lines of the transcript if a hook reads it', async () => {
    const server = await serve((response, asked) => {
      if (asked.headers['hookpool-transcript'] === 'offered') response.writeHead(428).end('{}');
      else answer('said', 'logged\n')(response, asked);
    });
    const sessions = path.join(folder, '.claude/projects/p');
    mkdirSync(sessions, { recursive: true });
    writeFileSync(path.join(sessions, 's.jsonl'), '{"a":"é"}\n{"b":2}\n');
    vi.stubEnv('HOME', folder);
    const of = (file: string) => JSON.stringify({ transcript_path: path.join(sessions, file) });
    const ask = (file: string, more = {}) =>
      bridge({ dialect, server: server.url, context: of(file), more, env: { HOME: folder } });
    const answers = [
      await ask('s.jsonl'),
      await ask('s.jsonl', { 'transcript-bytes': '10' }),
      await ask('gone'),
    ];
    expect(answers).toMatchObject([
      { code: 0, stdout: 'said', stderr: 'logged\n' },
      { code: 0, stdout: 'said', stderr: 'logged\n' },
      {
        stderr: expect.stringMatching(/^logged\nhookpool.hook(\.sh)?: no transcript: .*gone.*\n$/),
      },
    ]);
    vi.unstubAllEnvs();
    const sent = server.asked.map(({ body, headers }) => [headers['hookpool-transcript'], body]);
    expect(sent.filter(([value]) => value !== 'offered')).toEqual([
      ['19', `${of('s.jsonl')}{"a":"é"}\n{"b":2}\n`],
      ['8', `${of('s.jsonl')}{"b":2}\n`],
      [undefined, of('gone')],
    ]);
  });

  test.skipIf(!isThere)('goes on without a decision where that is asked for', async () => {
    const asking = { dialect, server: 'http://127.0.0.1:1', context };
    const allowed = await bridge({ ...asking, more: { 'fail-mode': 'allow' } });
    expect(allowed.code).toBe(0);
    expect(allowed.stdout + allowed.stderr).toContain('The agent goes on without one.');
    const atStop = await bridge({ ...asking, context: '{"hook_event_name":"Stop"}' });
    expect([atStop.code, atStop.stdout.includes('block')]).toEqual([0, false]);
  });
});

describe.each(programs)('%s', (_, bridge, isThere) => {
  test.skipIf(!isThere)(
    'sends a hooks file behind the context, and the token of a file',
    async () => {
      const server = await serve(answer(''));
      const hooks = path.join(folder, 'hooks.yaml');
      const token = path.join(folder, 'token');
      writeFileSync(hooks, 'hooks: {}\n');
      writeFileSync(token, '\ufeff of-the-file\r\n');
      const more = { hooks, agent: 'a', 'token-file': token };
      const env = { HOOKPOOL_TOKEN: 'of-the-environment' };
      await bridge({ dialect, server: `${server.url}/prefix/`, context, more, env });
      const bytes = Buffer.byteLength(context);
      expect(server.asked).toMatchObject([
        {
          url: expect.stringMatching(
            `^/prefix/v1/hook\\?dialect=claude-code&agent=a&contextBytes=${bytes}&deadlineMs=2[34]\\d\\d\\d$`,
          ),
          body: `${context}hooks: {}\n`,
          headers: { authorization: 'Bearer of-the-file' },
        },
      ]);
    },
  );
});
