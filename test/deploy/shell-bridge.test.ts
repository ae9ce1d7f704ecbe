/** deploy/bridge/hookpool-hook.sh without a server, and with one that does not answer. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { readers } from '../answering/readers.ts';
import { run } from '../support/bridges.ts';
import { standIn } from '../support/stand-in-server.ts';

const script = path.join(import.meta.dirname, '../../deploy/bridge/hookpool-hook.sh');
const away = { HOOKPOOL_SERVER: 'http://127.0.0.1:1' };
const hasCurl = spawnSync('curl', ['--version']).status === 0;

it.skipIf(!hasCurl).each([
  ['codex', '{"hook_event_name":"Stop"}', undefined, 0],
  ['gemini-cli', '{"hook_event_name": "AfterAgent"}', undefined, 0],
  ['copilot', '{}', 'agentStop', 0],
  ['copilot', '{"hook_event_name":"Stop"}', undefined, 0],
  ['codex', '{"hook_event_name":"PreToolUse"}', undefined, 2],
  [
    'codex',
    '{"hook_event_name":"PreToolUse","tool_input":{"hook_event_name":"Stop"}}',
    undefined,
    2,
  ],
  [
    'codex',
    '{"hook_event_name":"PreToolUse","x":"\\"hook_event_name\\":\\"Stop\\""}',
    undefined,
    2,
  ],
  ['codex', '{}', undefined, 2],
])('%s at %s (event %s): exit code %i', async (dialect, context, event, code) => {
  const named = event === undefined ? {} : { HOOKPOOL_EVENT: event };
  const answer = await run(`${script} ${dialect} guard`, context, { ...away, ...named });
  expect(answer).toMatchObject({ code, stdout: '' });
  expect(answer.stderr).toContain(
    'hookpool has no decision: curl ended with 7, see its manual: is hookpool serve running? ',
  );
});

it.skipIf(!hasCurl).each([
  [401, 'the server answered 401: is HOOKPOOL_TOKEN right? Without'],
  [404, 'the server answered 404: is the hook set stored there? Without'],
  [500, 'the server answered 500, and its log may say why. Without'],
])('a status %i is told with what to look at', async (status, text) => {
  const server = await standIn((response) => void response.writeHead(status).end('{}'));
  const context = '{"hook_event_name":"PreToolUse"}';
  const answer = await run(`${script} codex guard`, context, { HOOKPOOL_SERVER: server.url });
  await server.close();
  expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining(text) });
});

it.skipIf(!hasCurl)('the last argument decides for every event', async () => {
  const stop = '{"hook_event_name":"Stop"}';
  expect((await run(`${script} codex guard block`, stop, away)).code).toBe(2);
  const tool = '{"hook_event_name":"PreToolUse"}';
  expect((await run(`${script} codex guard allow`, tool, away)).code).toBe(0);
  expect((await run(`${script} codex guard alow`, stop, away)).code).toBe(2);
});

it.skipIf(!hasCurl).each(['preToolUse', 'userPromptSubmitted', 'postToolUse'])(
  'Copilot is told the reason of a block at %s, which it shows from JSON only',
  async (event) => {
    const answer = await run(`${script} copilot guard`, '{}', { ...away, HOOKPOOL_EVENT: event });
    const said = { ...answer, exitCode: answer.code ?? -1 };
    expect(readers['copilot']?.(event, said)).toBe('block');
    expect(JSON.parse(answer.stdout)).toMatchObject({
      permissionDecisionReason: expect.stringContaining('hookpool has no decision'),
      reason: expect.stringContaining('hookpool has no decision'),
    });
  },
);

it.skipIf(!hasCurl)('a signal is answered at once, while curl waits', async () => {
  let hasAsked: () => void;
  const asked = new Promise<void>((resolve) => {
    hasAsked = resolve;
  });
  const silent = await standIn(() => hasAsked());
  const env = { ...process.env, HOOKPOOL_SERVER: silent.url, HOOKPOOL_DEADLINE: '600' };
  const child = spawn('/bin/sh', [script, 'codex', 'guard'], { env });
  const ended = once(child, 'close');
  child.stdin.end('{"hook_event_name":"PreToolUse"}');
  const said = text(child.stderr);
  await asked;
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(2);
  expect(await said).toContain('it was ended by a signal');
  await silent.close();
});
