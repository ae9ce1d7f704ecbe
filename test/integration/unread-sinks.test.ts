/**
 * `hookpool serve` whose log, or audit trail, nobody reads. Needs `npm run build`, and no engine.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ask } from '../support/server.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-sinks-'));
afterAll(() => rmSync(folder, { recursive: true }));
let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** stderr is read until the server tells its address, and then no more. */
async function serve(args: readonly string[], { reads }: { readonly reads: boolean }) {
  const started = spawn(process.execPath, [main, 'serve', '--listen', '127.0.0.1:0', ...args], {
    env: { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock', HOOKPOOL_WARM: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  const url = await addressIn(started.stderr);
  if (reads) started.stderr.resume();
  return { child: started, url };
}

async function addressIn(stderr: Readable): Promise<string> {
  let text = '';
  for (;;) {
    const [chunk] = await once(stderr, 'data');
    text += String(chunk);
    const url = /"url":"([^"]+)"/.exec(text)?.[1];
    if (url === undefined) continue;
    stderr.pause();
    return url;
  }
}

const event = { context: { hook_event_name: 'Stop', final_output: 'x' }, hooks: {} };
const evaluate = (url: string) => ask('POST', `${url}/v1/evaluate`, { json: event });

/**
 * So many evaluations, all sent at once on one connection. @returns those that were answered with a
 * decision
 */
async function answered(url: string, count: number): Promise<number> {
  const body = JSON.stringify(event);
  const head = `POST /v1/evaluate HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  for (let call = 0; call < count; call++) socket.write(head + body);
  const decisions = () => text.split('"decision":"none"').length - 1;
  await expect.poll(decisions, { timeout: 40_000, interval: 100 }).toBe(count);
  socket.destroy();
  return decisions();
}

async function ends(server: ChildProcess): Promise<unknown> {
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  return (await exited)[0];
}

const metric = async (url: string, name: string) =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await ask('GET', `${url}/metrics`)).text)?.[1]);

describe('a server goes on, and ends with 0, when nobody reads', () => {
  test('its log, which drops lines then, counts them and says so when it is read again', async () => {
    const { child: server, url } = await serve([], { reads: false });
    expect(await answered(url, 8_000)).toBe(8_000);
    expect((await ask('GET', `${url}/healthz`)).status).toBe(200);
    const dropped = await metric(url, 'hookpool_log_dropped_total');
    expect(dropped).toBeGreaterThan(100);
    let text = '';
    server.stderr?.on('data', (chunk) => {
      text += String(chunk);
    });
    server.stderr?.resume();
    const told = () =>
      Number(/"dropped":(\d+),"msg":"lines of the log were dropped/.exec(text)?.[1]);
    // The request for the metrics has a line too.
    await expect.poll(told, { timeout: 5_000 }).toBeGreaterThanOrEqual(dropped);
    for (const line of text.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(await ends(server)).toBe(0);
  });

  test('its audit trail on stdout', async () => {
    const { child: server, url } = await serve(['--audit', '-'], { reads: true });
    expect(await answered(url, 1_000)).toBe(1_000);
    expect(await ends(server)).toBe(0);
  });

  test('its audit trail in a pipe', async () => {
    const pipe = path.join(folder, 'audit-pipe');
    execFileSync('mkfifo', [pipe]);
    const { child: server, url } = await serve(['--audit', pipe], { reads: true });
    expect(await answered(url, 1_000)).toBe(1_000);
    expect(await ends(server)).toBe(0);
  });
});

test('SIGHUP opens the audit file anew, and a renamed file keeps what it has', async () => {
  const file = path.join(folder, 'audit.jsonl');
  const { child: server, url } = await serve(['--audit', file], { reads: true });
  const first = (await evaluate(url)).body.evaluationId;
  await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 10_000 }).toContain(first);
  renameSync(file, `${file}.1`);
  server.kill('SIGHUP');
  const second = (await evaluate(url)).body.evaluationId;
  await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 10_000 }).toContain(second);
  expect(readFileSync(`${file}.1`, 'utf8')).toContain(first);
  expect(await ends(server)).toBe(0);
});
