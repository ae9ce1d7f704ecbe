/** `hookpool status`: what works, and what does not. The bridge in sh needs curl. */
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hookpoolHere } from '../../support/cli-here.ts';
import { MadeUpHome } from '../../support/made-up-home.ts';
import { type StandIn, standIn } from '../../support/stand-in-server.ts';

let home: MadeUpHome;
let server: StandIn;
/** What the server answers, by path. */
let answers: Record<string, readonly [status: number, body: string]>;
const end = '\u001e';
const settings = '.claude/settings.json';

beforeEach(async () => {
  home = new MadeUpHome();
  answers = {
    '/readyz': [200, '{"status":"ready"}'],
    '/v1/hooksets': [200, '[]'],
    '/v1/hooksets/guard': [200, '{}'],
    '/v1/hook': [200, `0${end}${end}${end}`],
  };
  server = await standIn((response, { url }) => {
    const [status, body] = answers[url.replace(/\?.*/, '')] ?? [404, '{}'];
    response.writeHead(status).end(body);
  });
});
afterEach(async () => {
  home.remove();
  await server.close();
});

const install = (agent: string, ...more: readonly string[]) =>
  home.call('install', agent, '--bridge', 'sh', ...more);
const statusWith = async (env: NodeJS.ProcessEnv, ...more: readonly string[]) => {
  const all = { ...home.env, HOOKPOOL_SERVER: server.url, HOOKPOOL_TOKEN: 'secret', ...env };
  const { code, stdout } = await hookpoolHere(['status', '--json', ...more], '', all, home.project);
  const findings = JSON.parse(stdout) as {
    level: string;
    name: string;
    text: string;
    ms?: number;
  }[];
  return {
    code,
    findings,
    text: findings.map((one) => `${one.level} ${one.name} ${one.text}`).join('\n'),
  };
};
const status = (...more: readonly string[]) => statusWith({}, ...more);

test('of lines that work is ok, with the time of one harmless event through each', async () => {
  await install('claude-code');
  await install('copilot');
  const { code, findings, text } = await status();
  expect(text).toContain(`ok ${settings} Claude Code: PreToolUse, Stop; a decision in`);
  expect(text).toContain(
    'ok .github/hooks/hookpool.json Copilot: preToolUse, agentStop; a decision',
  );
  expect(text).toContain(`ok ${server.url} The token is accepted, with the role admin.`);
  expect([code, findings.filter(({ level }) => level !== 'ok')]).toEqual([0, []]);
  expect(findings.flatMap(({ ms = [] }) => ms).every((ms) => ms > 0)).toBe(true);
  const asked = server.asked.filter(({ url }) => url.startsWith('/v1/hook?'));
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer secret',
    'Bearer secret',
  ]);
  expect(asked.map(({ body }) => body)).toContainEqual(expect.stringContaining('"command":"true"'));
});

test('prints a table, and one line for the status line of an agent', async () => {
  await install('crush');
  const env = { ...home.env, HOOKPOOL_SERVER: server.url };
  const { stdout } = await hookpoolHere(['status'], '', env, home.project);
  expect(stdout).toMatch(/^ok +http\S+ +The server is ready\.$/m);
  const line = await hookpoolHere(['status', '--line'], '', env, home.project);
  expect(line).toMatchObject({ code: 0, stdout: 'hookpool: ready\n' });
  answers['/readyz'] = [503, '{"status":"unavailable","reason":"no worker"}'];
  const away = await hookpoolHere(['status', '--line'], '', env, home.project);
  expect(away).toMatchObject({ code: 75, stdout: expect.stringContaining('no worker') });
});

describe('fails, and tells what to do,', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'where no agent is wired',
      () => home.call('install', 'claude-code', '--remove'),
      /fail agents No agent calls/,
    ],
    [
      'where the token is refused',
      () => {
        answers['/v1/hooksets'] = [401, '{}'];
      },
      /fail \S+ The token is refused: set HOOKPOOL_TOKEN/,
    ],
    [
      'where the hook set is not stored',
      () => {
        delete answers['/v1/hooksets/guard'];
      },
      /fail \S+ The hook set guard is not stored\. Send it: hookpool bundle/,
    ],
    [
      'where the server gives no decision',
      () => {
        answers['/v1/hook'] = [500, 'x'];
      },
      /fail \.claude\S+ Claude Code: hookpool has no decision: the server answered 500/,
    ],
    [
      'where the file is broken',
      () => home.write(settings, `${home.read(settings)}}`),
      /fail \.claude\S+ .*json:\d+:\d+: /,
    ],
    [
      'where the program is gone',
      () =>
        home.write(
          settings,
          home.read(settings).replaceAll('hookpool-hook.sh', 'gone/hookpool-hook.sh'),
        ),
      /gone\/hookpool-hook\.sh cannot be started: run hookpool install/,
    ],
  ])('%s', async (_, spoil, text) => {
    await install('claude-code');
    await spoil();
    const found = await status();
    expect(found.text).toMatch(text);
    expect(found.code).toBe(75);
  });

  test('where no server answers', async () => {
    await install('claude-code', '--server', 'http://127.0.0.1:1');
    const { code, text } = await status();
    expect(text).toMatch(/fail http:\/\/127\.0\.0\.1:1 No server answers .*hookpool serve/);
    expect(code).toBe(75);
  });

  test('where the program cannot be executed, and where the line is not understood', async () => {
    const script = home.write('hookpool-hook.sh', '#!/bin/sh\n', 0o755);
    const line = (command: string) =>
      home.write(
        settings,
        JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } }),
      );
    chmodSync(script, 0o644);
    line(`${script} claude-code guard`);
    expect((await status()).text).toContain('cannot be started');
    line(`${process.execPath} ${path.resolve('src/cli/main.ts')} hook --dialect codex --frob`);
    expect((await status()).text).toContain("Unknown option '--frob'");
    line(`${process.execPath} /none/dist/cli/main.js hook --dialect codex --hookset x`);
    expect((await status()).text).toContain('/none/dist/cli/main.js is not there');
    line(
      `${process.execPath} ${path.resolve('src/cli/main.ts')} hook --dialect codex --local /none.yaml`,
    );
    expect((await status()).text).toContain('/none.yaml is not there');
  });
});

test('warns of a line that depends on PATH, and of hooks that are switched off', async () => {
  const command = 'hookpool hook --dialect claude-code --hookset guard';
  home.write(
    settings,
    JSON.stringify({
      disableAllHooks: true,
      hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] },
    }),
  );
  const { code, text } = await status();
  expect(code).toBe(0);
  expect(text).toContain('it starts hookpool by the PATH');
  expect(text).toContain('disableAllHooks is true');
});

test('tells the role evaluate, and leaves files without the bridge out', async () => {
  await install('cline');
  home.write('.gemini/settings.json', '{ broken');
  home.write('.cursor/hooks.json', '{}');
  answers['/v1/hooksets'] = [403, '{}'];
  const { code, findings, text } = await statusWith({ HOOKPOOL_TOKEN: 'x' });
  expect(text).toContain('with the role evaluate');
  expect([code, findings.length]).toEqual([0, 3]);
});

test('is asked for one folder', async () => {
  const { code, stderr } = await home.call('status', '.', 'x');
  expect([code, stderr]).toEqual([64, expect.stringContaining('Unexpected argument "x"')]);
});
