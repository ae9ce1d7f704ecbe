/** Hooks at events at which the agent does not call the bridge are told, with what to add. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hookpoolHere } from '../../support/cli-here.ts';
import { MadeUpHome } from '../../support/made-up-home.ts';
import { type StandIn, standIn } from '../../support/stand-in-server.ts';

let home: MadeUpHome;
let server: StandIn;
/** What the server answers for the hook set guard. */
let answer: readonly [status: number, body: string];
const end = '\u001e';
const threeEvents = `hooks:
  PreToolUse: [{ script: exit 0 }]
  SessionStart: [{ script: exit 0 }]
  PostToolUse: [{ script: exit 0 }]
`;
const told =
  'has hooks at SessionStart, PostToolUse, where Claude Code does not call the bridge: they never run. Install the line with';

beforeEach(async () => {
  home = new MadeUpHome();
  answer = [200, threeEvents];
  server = await standIn((response, { url }) => {
    if (url === '/v1/hooksets/guard') return response.writeHead(answer[0]).end(answer[1]);
    return response.writeHead(200).end(url.startsWith('/v1/hook?') ? `0${end}${end}${end}` : '{}');
  });
});
afterEach(async () => {
  home.remove();
  await server.close();
});

const call = (...args: readonly string[]) => {
  const env = { ...home.env, HOOKPOOL_SERVER: server.url, HOOKPOOL_TOKEN: 'of-environment' };
  return hookpoolHere(args, '', env, home.project);
};
const install = (...more: readonly string[]) => call('install', 'claude-code', ...more);
const tokens = () =>
  server.asked.flatMap(({ url, headers }) =>
    url === '/v1/hooksets/guard' ? headers.authorization : [],
  );

test('install tells it of a hook set, and asks as the bridge does', async () => {
  const options = '--event PreToolUse --event Stop --event SessionStart --event PostToolUse';
  const { code, stderr } = await install('--bridge', 'node');
  expect([code, stderr]).toEqual([0, `Warning: the hook set guard ${told} ${options}.\n`]);
  home.write('token', 'of-file\n');
  const again = await install('--bridge', 'node', '--token-file', 'token', ...options.split(' '));
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(tokens()).toEqual(['Bearer of-environment', 'Bearer of-file']);
});

test('install tells it of a file whose events were named', async () => {
  home.write('a.yaml', threeEvents);
  const { code, stderr } = await install('--local', 'a.yaml', '--event', 'pre_tool_use');
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^Warning: \S+\/a\.yaml has hooks at SessionStart, PostToolUse, /),
  ]);
  expect(await install('--local', 'a.yaml')).toMatchObject({ code: 0, stderr: '' });
  expect(server.asked).toEqual([]);
});

test.each<[string, typeof answer]>([
  ['is not stored', [404, '{}']],
  ['may not be read with the token', [403, '{}']],
  ['cannot be read by this version', [200, 'hooks: [{}]']],
])('install tells nothing of a hook set that %s', async (_, given) => {
  answer = given;
  expect(await install()).toMatchObject({ code: 0, stderr: '' });
  expect(tokens()).toEqual(['Bearer of-environment']);
});

test('the other name of an event is the same event', async () => {
  answer = [200, 'dialect: copilot\nhooks: { agentStop: [{ script: exit 0 }] }\n'];
  expect(await call('install', 'copilot', '--event', 'Stop')).toMatchObject({
    code: 0,
    stderr: '',
  });
});

test('status warns of it, and counts all lines with the same hooks', async () => {
  await install('--bridge', 'sh');
  const first = await call('status');
  expect([first.code, first.stdout]).toEqual([
    0,
    expect.stringMatching(
      new RegExp(`warn +\\.claude/settings\\.json +Claude Code: the hook set guard ${told}`),
    ),
  ]);
  await install('--bridge', 'sh', '--user', '--event', 'SessionStart', '--event', 'PostToolUse');
  const { code, stdout } = await call('status');
  expect([code, stdout]).toEqual([0, expect.not.stringContaining('never run')]);
});

test('status says nothing of hooks of a line whose agent it does not know', async () => {
  await install('--bridge', 'sh');
  const file = '.claude/settings.json';
  home.write(file, home.read(file).replaceAll('.sh claude-code', '.sh nobody'));
  expect((await call('status')).stdout).not.toContain('never run');
});

test('status shows a token file to the server of its line only', async () => {
  home.write('token', 'of-file\n');
  await call(
    'install',
    'crush',
    '--bridge',
    'node',
    '--token-file',
    'token',
    '--server',
    'http://127.0.0.1:1',
  );
  await install('--bridge', 'sh');
  server.asked.length = 0;
  const env = { ...home.env, HOOKPOOL_SERVER: server.url, HOOKPOOL_TOKEN: undefined };
  await hookpoolHere(['status'], '', env, home.project);
  expect(server.asked.map(({ url }) => url)).toContain('/v1/hooksets');
  expect(server.asked.flatMap(({ headers }) => headers.authorization ?? [])).toEqual([]);
});

test('status asks with the token file of a line, as its bridge does, whatever the environment has', async () => {
  home.write('token', 'of-file\n');
  await install('--bridge', 'node', '--token-file', 'token');
  server.asked.length = 0;
  await call('status');
  expect(new Set(tokens())).toEqual(new Set(['Bearer of-file']));
});
