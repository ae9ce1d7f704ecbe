/**
 * The way of a newcomer: guards, a server, the line in the agent's file, a call that is blocked, and
 * everything as it was. Needs `npm run build` and the engine.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inShell } from '../support/bridged-agents.ts';
import { run } from '../support/bridges.ts';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';
import { MadeUpHome } from '../support/made-up-home.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
let home: MadeUpHome;
const settings = '.claude/settings.json';
const before = '{\r\n\t"model": "x", // mine\r\n}';

beforeAll(async () => {
  home = new MadeUpHome();
  server = await startServer();
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  home.remove();
});

const call = (...args: readonly string[]) =>
  hookpoolHere(args, '', { ...home.env, HOOKPOOL_SERVER: server.url }, home.project);
const throughLine = async (command: string) => {
  const text = readFileSync(path.join(home.project, settings), 'utf8');
  const [, line = ''] = /"command": "([^"]+)"/.exec(text) ?? [];
  const context = { session_id: 's', hook_event_name: 'PreToolUse', cwd: '/', ...inShell(command) };
  return run(line, JSON.stringify(context), { HOOKPOOL_SERVER: server.url });
};

test('init, serve, install, status, a blocked call, and remove', async () => {
  home.write(settings, before);
  await call('init');
  const bundle = await call('bundle', '--dialect', 'claude-code', 'guards/hooks.yaml');
  await call('install', 'claude-code');
  const early = await call('status');
  expect([early.code, early.stdout]).toEqual([
    75,
    expect.stringContaining('The hook set guard is not stored'),
  ]);
  const headers = { 'content-type': 'application/json' };
  const stored = await server.ask('PUT', '/v1/hooksets/guard', { text: bundle.stdout, headers });
  expect(stored.status).toBe(201);
  const status = await hookpool(
    ['status'],
    '',
    { ...home.env, HOOKPOOL_SERVER: server.url },
    home.project,
  );
  expect([status.code, status.stdout]).toEqual([
    0,
    expect.stringMatching(/Claude Code: PreToolUse, Stop; a decision in \d+ ms/),
  ]);
  const blocked = await throughLine('git push --force');
  expect(blocked).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('A forced push rewrites'),
  });
  expect(await throughLine('git push --force-with-lease')).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  await call('install', 'claude-code', '--remove');
  expect(home.read(settings)).toBe(before);
});

test('the other bridges decide through their installed lines too', async () => {
  const gone = path.join(home.project, settings);
  writeFileSync(gone, before);
  await call('install', 'claude-code', '--bridge', 'sh');
  expect((await throughLine('rm -rf /')).stdout).toContain('"decision":"block"');
  await call('install', 'claude-code', '--local', 'guards/hooks.yaml', '--event', 'PreToolUse');
  expect((await throughLine('rm -rf /')).stdout).toContain('"decision":"block"');
});
