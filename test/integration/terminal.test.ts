/**
 * What a script, a file or a server says reaches no terminal as a control sequence, from any
 * command. Needs `npm run build`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-terminal-'));
const file = (name: string) => path.join(folder, name);
/**
 * Sets the title, clears the screen, writes the clipboard, conceals, in 7 and in 8 bits; turns the
 * direction.
 */
const hostile =
  '\u001b]0;owned\u0007\u001b[2J\u001b]52;c;b3duZWQ=\u0007\u001b[8m\u009b2J\u202egnp\u2028end';
const printed = hostile.replaceAll('\u001b', '\\033').replaceAll('\u0007', '\\007');

beforeAll(() => {
  const script = `printf '%b' '${printed}' >&2; exit 2`;
  const hook = { name: 'guard', script, failMode: 'block' };
  const matching = { name: 'other', matcher: 'a\u001b\u009b\u202e\u2028b', script: 'exit 0' };
  writeFileSync(
    file('hooks.json'),
    JSON.stringify({ hooks: { Stop: [hook], PreToolUse: [matching] } }),
  );
  writeFileSync(file('bad.json'), JSON.stringify({ hooks: { Stop: [{ [`key${hostile}`]: 1 }] } }));
  writeFileSync(file('script.sh'), `printf '%b' '${printed}'; printf '%b' '${printed}' >&2`);
  writeFileSync(
    file('a.hooktest.yaml'),
    JSON.stringify({
      hooks: 'hooks.json',
      tests: [{ name: `case${hostile}`, event: 'Stop', expect: { decision: 'allow' } }],
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a terminal of its own. @returns all that it showed */
async function onTerminal(args: readonly string[], input = ''): Promise<string> {
  const open = 'import pty, sys; pty.spawn(sys.argv[1:])';
  const child = spawn('python3', ['-c', open, process.execPath, main, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // 4 is the end of the input for a terminal.
  child.stdin.end(`${input}\n\u0004`);
  return text(child.stdout);
}

const esc = '\u001b';
/** Of what a terminal obeys only our own colours are left. */
function expectHarmless(shown: string): void {
  const ours = new RegExp(`${esc}\\[(0|1|2|31|32|33)m`, 'g');
  // The terminal itself makes CR LF of a line's end, and shows that its input has ended.
  const rest = shown.replace(ours, '').replaceAll('\r\n', '\n').replaceAll('^D\b\b', '');
  expect(rest.match(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu)).toBeNull();
}

const event = '{"hook_event_name":"Stop"}';
const commands: [string, readonly string[], RegExp][] = [
  ['run', ['run', '--hooks', file('hooks.json'), '--context', file('event.json')], /block/],
  [
    'run of a bad file',
    ['run', '--hooks', file('bad.json'), '--context', file('event.json')],
    /INVALID_HOOKS/,
  ],
  ['check', ['check', file('hooks.json')], /guard/],
  ['check of a bad file', ['check', '--static', file('bad.json')], /problem/],
  ['check --json', ['check', '--static', '--json', file('hooks.json')], /"hooks"/],
  ['test', ['test', file('a.hooktest.yaml')], /FAIL|ERROR|problem|INVALID/],
  ['test --tap', ['test', '--tap', file('a.hooktest.yaml')], /not ok|INVALID/],
  ['bundle', ['bundle', file('hooks.json')], /"document"/],
  ['an unknown command', [`x${hostile}`], /There is no command/],
  ['an unknown option', ['run', `--x${hostile}`], /INVALID_USAGE/],
  ['a file that is not there', ['check', file(`no${hostile}`)], /Cannot read/],
];

describe.each(commands)('%s', (_, args, said) => {
  beforeAll(() => writeFileSync(file('event.json'), event));

  test('shows nothing on a terminal that it would obey', async () => {
    const shown = await onTerminal(args);
    expect(shown).toMatch(said);
    expectHarmless(shown);
  });

  test('prints nothing into a pipe that a terminal behind it would obey', async () => {
    const call = args[0] === 'run' ? hookpool : hookpoolHere;
    const { stdout, stderr } = await call(args);
    expect(stdout + stderr).toMatch(said);
    expectHarmless(stdout + stderr);
  });
});

test('exec passes on the bytes of a script to a program, and none to a terminal that it would obey', async () => {
  const { stdout, stderr } = await hookpool(['exec', file('script.sh')]);
  expect([stdout, stderr]).toEqual([hostile, hostile]);
  const shown = await onTerminal(['exec', file('script.sh')]);
  expect(shown).toContain('␛]0;owned␇␛[2J');
  expectHarmless(shown);
});

test('hook shows nothing of what a server says on a terminal that it would obey', async () => {
  const server = http.createServer((_request, response) => {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: { code: 'X', message: hostile.repeat(1_000) } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['hook', '--dialect', 'claude-code', '--hookset', 'x', '--server', url];
  const shown = await onTerminal(
    args,
    '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{}}',
  );
  expect(shown).toContain('the server answered 500');
  expectHarmless(shown.slice(shown.indexOf('{"decision') === -1 ? 0 : shown.indexOf('{"decision')));
  const piped = await hookpool(
    args,
    '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{}}',
  );
  expect(piped.code === 2 || piped.stdout.includes('deny') || piped.stdout.includes('block')).toBe(
    true,
  );
  expect((piped.stdout + piped.stderr).length).toBeLessThan(10_000);
  expectHarmless(piped.stdout + piped.stderr);
  server.close();
});
