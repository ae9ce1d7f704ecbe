/** `hookpool engine-proxy` from outside, and what its death means. Needs `npm run build`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';
import { compiled } from '../support/compiled.ts';
import { engineAt } from '../support/engine-relay.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { ProxyProcess } from '../support/proxy-process.ts';
import { ask } from '../support/raw-http.ts';
import { runScript } from '../support/script.ts';

const direct = new Engine();
let folder = '';
let socket = '';
let proxy: ProxyProcess | undefined;
let pool: Pool | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-proxy-'));
  socket = path.join(folder, 'engine.sock');
});

afterEach(async () => {
  await pool?.drain();
  await proxy?.end('SIGKILL');
  pool = undefined;
  proxy = undefined;
  rmSync(folder, { recursive: true });
});

async function openPool(): Promise<Pool> {
  const own = testPool({ engine: engineAt(socket), warm: 1 });
  pool = own;
  await runScript(own, 'bash', 'true');
  await vi.waitFor(() => expect(own.stats().blank).toBe(1), { timeout: 10_000 });
  expect(await ownSandboxes(direct, process.pid)).toHaveLength(2);
  return own;
}

const expectGone = (pid = process.pid) =>
  vi.waitFor(async () => expect(await ownSandboxes(direct, pid)).toEqual([]), {
    timeout: 5_000,
    interval: 20,
  });

describe('hookpool engine-proxy', () => {
  test('makes a socket for owner and group, removes it with its sandboxes on SIGTERM, and exits with 0', async () => {
    proxy = await ProxyProcess.start('--socket', socket);
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    await openPool();
    expect(await proxy.end('SIGTERM')).toBe(0);
    expect(existsSync(socket)).toBe(false);
    expect(
      (await ownSandboxes(direct, process.pid)).filter(({ state }) => state === 'running'),
    ).toEqual([]);
    await pool?.drain().catch(() => undefined);
    await expectGone();
  });

  test('killed with SIGKILL takes its sandboxes with it, and its socket file does not stop the next', async () => {
    proxy = await ProxyProcess.start('--socket', socket, '--mode', '600');
    const own = await openPool();
    await proxy.end('SIGKILL');
    await expectGone();
    expect(existsSync(socket)).toBe(true);
    proxy = await ProxyProcess.start('--socket', socket);
    await vi.waitFor(
      async () => expect((await runScript(own, 'bash', 'exit 3')).exitCode).toBe(3),
      { timeout: 20_000 },
    );
  });

  test('lets the sandboxes of a worker that is killed end', async () => {
    proxy = await ProxyProcess.start('--socket', socket);
    const file = await compiled(path.join(import.meta.dirname, '../fixtures/hold-sandbox.ts'));
    const worker = spawn(process.execPath, [file], {
      env: { ...process.env, DOCKER_HOST: `unix://${socket}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: worker.stdout }), 'line');
    const pid = Number(String(line).split(' ')[1]);
    expect(await ownSandboxes(direct, pid)).toHaveLength(2);
    worker.kill('SIGKILL');
    await expectGone(pid);
  });

  test('logs a refusal with the field, and never what was sent', async () => {
    proxy = await ProxyProcess.start('--socket', socket);
    await ask(socket, 'POST', '/containers/create', '{"Image":"secret"}');
    await vi.waitFor(() => expect(proxy?.log).toContain('"refused"'));
    expect(JSON.parse(proxy.log.trim().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'refused',
      method: 'POST',
      path: '/containers/create',
      reason: expect.stringContaining('Cmd of the container spec'),
    });
    expect(proxy.log).not.toContain('secret');
  });

  test('does not take the socket of one that runs', async () => {
    proxy = await ProxyProcess.start('--socket', socket);
    const second = await hookpool(['engine-proxy', '--socket', socket]);
    expect(second).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('another process listens'),
    });
    expect(await ask(socket, 'GET', '/version')).toMatchObject({ status: 200 });
  });

  test.each([
    ['no socket', []],
    ['a mode that is no mode', ['--socket', 'SOCKET', '--mode', '0999']],
    ['a maximum of nothing', ['--socket', 'SOCKET', '--max', '0']],
    ['an argument too many', ['--socket', 'SOCKET', 'extra']],
    ['a folder that is not there', ['--socket', '/no/such/folder/engine.sock']],
    ['a file in the place of the socket', ['--socket', 'FILE']],
  ])('exits with 64 for %s', async (_, args) => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const places: Readonly<Record<string, string>> = { SOCKET: socket, FILE: file };
    const { code, stdout, stderr } = await hookpoolHere([
      'engine-proxy',
      ...args.map((one) => places[one] ?? one),
    ]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^hookpool: .+ \([A-Z_]+\)\n$/s);
  });
});
