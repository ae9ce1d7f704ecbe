/** What the native bridge answers without a server: in each case the words of the bridge in node. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { answerTable, dialects } from '../../src/agents/registry.ts';
import { fallback } from '../../src/cli/hook/fallback.ts';
import { failModes } from '../../src/protocol/dialect.ts';
import { nativeBridgeFile, whyNoNativeBridge } from '../support/native-bridge.ts';

const missing = whyNoNativeBridge();
const nowhere = 'unix:///nowhere.sock';
const why = `${nowhere} cannot be asked (ENOENT). Is hookpool serve running there?`;

interface Asking {
  readonly dialect: string;
  readonly event?: string | undefined;
  readonly failMode?: (typeof failModes)[number] | undefined;
}

function argumentsOf({ dialect, event, failMode }: Asking): string[] {
  const args = ['--dialect', dialect, '--hookset', 'x', '--server', nowhere];
  if (event !== undefined) args.push(`--event=${event}`);
  return failMode === undefined ? args : [...args, '--fail-mode', failMode];
}

async function native(asking: Asking, context: Buffer) {
  const args = argumentsOf(asking);
  const child = spawn(nativeBridgeFile, args, { env: {} });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => undefined);
  child.stdin.end(context);
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  return { stdout, stderr, exitCode };
}

const inNode = ({ dialect, event, failMode }: Asking, context: Buffer, reason = why) =>
  fallback({ dialect, event, failMode }, context, reason);

describe.skipIf(missing !== undefined)(`the native bridge ${missing ?? ''}`, () => {
  // One shell for all calls of a dialect: it starts a program in a third of the time that node takes.
  test.each(dialects)('at every event of $name', async ({ name, eventKeys, eventAliases }) => {
    const names = [...Object.keys(answerTable(name).events), ...Object.keys(eventAliases ?? {})];
    const calls = [
      ...[...names, 'Unheard', 'STOP_', ''].map((event) => ({ dialect: name, event })),
      ...names.map((event) => ({ dialect: name, event, failMode: 'ask' as const })),
      ...failModes.map((failMode) => ({ dialect: name, event: names[0], failMode })),
    ].map((asking) => ({ asking, context: '{}' }));
    const named = eventKeys.map((key) => JSON.stringify({ [key]: names[0] }));
    const all = [...calls, ...named.map((context) => ({ asking: { dialect: name }, context }))];
    const lines = all.map(({ asking, context }, at) => {
      const line = [nativeBridgeFile, ...argumentsOf(asking)].map((word) => `'${word}'`).join(' ');
      return `printf %s '${context}' | ${line} >${at}.out 2>${at}.err; echo $? >${at}.code`;
    });
    const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-native-'));
    spawnSync('/bin/sh', ['-c', lines.join('\n')], { cwd: folder });
    const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
    const told = all.map((_call, at) => ({
      stdout: read(`${at}.out`),
      stderr: read(`${at}.err`),
      exitCode: Number(read(`${at}.code`)),
    }));
    rmSync(folder, { recursive: true });
    expect(told).toEqual(all.map(({ asking, context }) => inNode(asking, Buffer.from(context))));
  });

  const stop = '"hook_event_name":"Stop"';
  test.each([
    ['no JSON', 'x'],
    ['cut off', `{${stop}`],
    ['followed by more', `{${stop}} x`],
    ['behind a byte order mark', `\ufeff{${stop}}`],
    ['an array', `[${stop.slice(18)}]`],
    ['null', ' null '],
    ['with blanks', ` \t\r\n{ "a" : [ 1 , -0.5e+3 , { } ] , ${stop.replace(':', ' : ')} } \n`],
    ['with another blank', `{\u00a0${stop}}`],
    ['a comma too much', `{${stop},}`],
    ['a number with a zero before it', `{"a":01,${stop}}`],
    ['a bare word', `{"a":nul,${stop}}`],
    ['a line end in a string', `{"a":"\n",${stop}}`],
    ['a wrong escape', `{"a":"\\x",${stop}}`],
    ['the event in escapes', '{"hook\\u005fevent_name":"St\\u006fp"}'],
    ['the event twice', `{"hook_event_name":"PreToolUse",${stop}}`],
    ['the event inside of the input', `{"tool_input":{${stop}}}`],
    ['the event as a number', '{"hook_event_name":1}'],
    ['the event of another key', '{"hook_event_name":null,"event":"Stop"}'],
    ['a NUL behind the event', '{"hook_event_name":"Stop\\u0000"}'],
    ['a Kelvin sign in it', '{"hook_event_name":"TaskCompleted"}'.replace('k', '\u212a')],
    ['half of a pair in it', '{"hook_event_name":"\\ud800"}'],
    ['other scripts', `{"a":"\u00e9\u{1f600}","b":"\\ud83d\\ude00",${stop}}`],
    ['keys of every object', `{"__proto__":{},"constructor":1,${stop}}`],
  ])('reads a context that is %s', async (_, context) => {
    const bytes = Buffer.from(context);
    const asking = { dialect: 'claude-code' };
    expect(await native(asking, bytes)).toEqual(inNode(asking, bytes));
  });

  test('reads a context with bytes that are no UTF-8, and one of 100,000 brackets', async () => {
    const asking = { dialect: 'claude-code' };
    const broken = Buffer.from('{"a":"\xff\xe2\x82","b":"', 'latin1');
    const contexts = [
      Buffer.concat([broken, Buffer.from(`\xed\xa0\x80",${stop}}`, 'latin1')]),
      Buffer.from(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)},${stop}}`),
      Buffer.from('[{"a":'.repeat(1e5)),
    ];
    for (const one of contexts) expect(await native(asking, one)).toEqual(inNode(asking, one));
  });

  test.each([
    ['quotes and backslashes', 'a"b\\c'],
    ['control characters', 'a\u0007\u001b[31m\r\n\u007fb'],
    ['characters that turn a line', 'a\u202eb\u2066c\u061cd\u2028e\u0085f'],
    ['other scripts', '\u00e9\u4e16\u{1f600}'],
    ['a thousand pairs', `x${'\u{1f600}'.repeat(1100)}`],
    ['more than is shown', 'y'.repeat(3000)],
  ])('quotes a token file with %s as node does', async (_, name) => {
    const file = `/nowhere/${name}`;
    const said = (reason: string) => inNode({ dialect: 'codex' }, Buffer.from('{}'), reason);
    const child = spawn(nativeBridgeFile, [
      ...['--dialect', 'codex', '--hookset', 'x', '--server', nowhere, '--token-file', file],
    ]);
    child.stdin.end('{}');
    const stderr = await text(child.stderr);
    const error = 'ENOENT: no such file or directory';
    expect(stderr).toBe(said(`${file} cannot be read: ${error}, open '${file}'`).stderr);
  });

  test('does not know a dialect that node does not know', async () => {
    const asking = { dialect: 'clip"py' };
    expect(await native(asking, Buffer.from('{}'))).toEqual(inNode(asking, Buffer.from('{}')));
  });
});
