/** `hookpool serve` killed while it writes its audit trail. Needs `npm run build`. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { type RunningServer, startServer } from '../support/server.ts';

const killings = 3;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-audit-'));
  file = path.join(folder, 'audit.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = () => readFileSync(file, 'utf8').split('\n');
const json = {
  hooks: { Stop: [{ name: 'guard', command: 'echo no >&2; exit 2' }] },
  context: { hook_event_name: 'Stop' },
};

/** Asks without a pause until the server is gone. */
async function load(server: RunningServer): Promise<void> {
  for (;;) {
    const answer = await server.ask('POST', '/v1/evaluate', { json }).catch(() => undefined);
    if (answer === undefined) return;
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

test('killed with SIGKILL under load: at most the last line is torn, and the next server spoils none', async () => {
  for (let round = 1; round <= killings; round++) {
    const server = await startServer(['--audit', file], { HOOKPOOL_WARM: '1', HOOKPOOL_MAX: '4' });
    const before = lines().length;
    const asking = Promise.all([1, 2, 3, 4].map(() => load(server)));
    await vi.waitFor(() => expect(lines().length).toBeGreaterThan(before + 30), {
      timeout: 20_000,
      interval: 1,
    });
    server.child.kill('SIGKILL');
    await asking;
    expect(
      lines()
        .slice(0, -1)
        .filter((line) => line !== '' && !isJson(line)).length,
    ).toBeLessThan(round);
    await vi.waitFor(
      async () => expect(await ownSandboxes(new Engine(), server.child.pid ?? 0)).toEqual([]),
      { timeout: 5_000 },
    );
  }
  const whole = lines().length;
  const server = await startServer(['--audit', file], { HOOKPOOL_WARM: '1' });
  await server.ask('POST', '/v1/evaluate', { json });
  const exited = once(server.child, 'exit');
  server.child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  const [last, nothing] = lines().slice(-2);
  expect([isJson(String(last)), nothing]).toEqual([true, '']);
  expect(lines().length).toBeGreaterThanOrEqual(whole);
});
