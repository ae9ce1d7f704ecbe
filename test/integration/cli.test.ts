/**
 * The command line: what it prints, where, and its exit codes. What tells of the process itself, and
 * one of each kind of outcome, is asked of the built command; needs `npm run build`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';
import { EngineRelay } from '../support/engine-relay.ts';
import { workspaceFolder } from '../support/workspace-folder.ts';
import { hooks } from './cli-hooks.ts';

let folder = '';
const file = (name: string, content: string) => {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
};

const context = (command: string) =>
  JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command } });

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-cli-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('hookpool run', () => {
  test.each([
    ['ls', 0, 'none', ''],
    ['ask me', 0, 'ask', ''],
    ['rm -rf /', 2, 'block', 'no rm\n'],
  ])('exits for "%s" with %d: %s', async (command, code, decision, stderr) => {
    const result = await hookpool(
      ['run', '--hooks', file('hooks.yaml', hooks), '--json'],
      context(command),
    );
    expect(result).toMatchObject({ code, stderr });
    expect(result.stdout.endsWith('\n')).toBe(true);
    expect(JSON.parse(result.stdout)).toMatchObject({
      v: 1,
      event: 'PreToolUse',
      dialect: 'azure',
      decision,
    });
  });

  test('exits with 2 and the cause when a guard with failMode block crashes', async () => {
    const result = await hookpoolHere(
      ['run', '--hooks', file('hooks.yaml', hooks), '--json'],
      context('crash'),
    );
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({
      decision: 'block',
      cause: { kind: 'fail-mode', code: 'HOOK_EXIT_CODE' },
    });
  });

  test('lets a hook read the folder that --workspace names, and no other', async () => {
    const made = workspaceFolder();
    const edited = made.file('app/x.py', 'secret = 1');
    const event = JSON.stringify({
      ...JSON.parse(context('ls')),
      cwd: path.dirname(edited),
      file: edited,
    });
    const script = 'grep -q secret "$(jq -r .file)" && exit 2; exit 0';
    const guard = file(
      'guard.yaml',
      JSON.stringify({ hooks: { PreToolUse: [{ matcher: '*', script }] } }),
    );
    const codes: (number | null)[] = [];
    for (const workspace of [`${made.path}/*`, made.folder('other'), '/etc'])
      codes.push(
        (await hookpoolHere(['run', '--hooks', guard, '--workspace', workspace], event)).code,
      );
    made.remove();
    expect(codes).toEqual([2, 0, 64]);
  });

  test('prints a table without control sequences when nobody watches', async () => {
    const { stdout } = await hookpool(
      ['run', '--hooks', file('hooks.yaml', hooks), '--event', 'PreToolUse', '--context', '-'],
      context('rm x'),
    );
    expect(stdout).toMatch(/HOOK +TIER +DECISION +STATUS +WAIT +RUN +REASON/);
    expect(stdout).toMatch(/guard +agent +block +exited 0/);
    expect(stdout).not.toContain('\u001b');
  });

  test('makes no sandbox in reserve: one for the syntax checks and all hooks, or two', async () => {
    const relay = await EngineRelay.open(folder);
    const place = file('hooks.yaml', hooks);
    const { code } = await hookpoolHere(['run', '--hooks', place], context('ls'), {
      DOCKER_HOST: `unix://${relay.socketPath}`,
    });
    await relay.close();
    expect(code).toBe(0);
    const created = relay.asked.filter((line) => line.startsWith('POST /containers/create'));
    // Two where the hooks ask before the reset of the first one ends, as on a busy machine; one in
    // reserve would be the third.
    expect([1, 2]).toContain(created.length);
  });

  test('points execution_summary to a transcript that the hook can read', async () => {
    const args = [
      'run',
      '--hooks',
      file('one.yaml', hooks.replace('cat; cat', 'cat')),
      '--json',
      '--transcript',
      file('transcript.txt', 'turn 1: hello'),
    ];
    const { stdout, stderr, code } = await hookpool(
      args,
      '{"hook_event_name":"Stop","execution_summary":"/elsewhere","n":9007199254740993}',
    );
    expect(code).toBe(2);
    expect(stderr).toBe('turn 1: hello\n');
    expect(JSON.parse(stdout)).toMatchObject({ decidedBy: 'reader' });
  });

  test('points transcript_path of an agent to it as well', async () => {
    const command = 'grep -c ^turn "$(jq -r .transcript_path)" >&2; exit 2';
    const settings = { hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } };
    const hooksFile = file('settings.json', JSON.stringify(settings));
    const transcript = file('turns.jsonl', 'turn 1\nturn 2\n');
    const { stderr, code } = await hookpoolHere(
      ['run', '--hooks', hooksFile, '--dialect', 'claude-code', '--transcript', transcript],
      '{"hook_event_name":"Stop","transcript_path":"/home/me/.claude/projects/x/y.jsonl"}',
    );
    expect(stderr).toContain('2\n');
    expect(code).toBe(2);
  });

  test.each([
    ['no hooks file', ['run'], ''],
    ['an unknown option', ['run', '--frob'], ''],
    ['a file that is not there', ['run', '--hooks', '/no/such/file'], '{}'],
    ['an unknown event', ['run', '--hooks', 'HOOKS', '--event', 'Nope'], '{}'],
    [
      'an unknown dialect',
      ['run', '--hooks', 'HOOKS', '--dialect', 'nope'],
      '{"hook_event_name":"Stop"}',
    ],
    ['a context that is no JSON', ['run', '--hooks', 'HOOKS', '--event', 'Stop'], 'hello'],
    [
      'a tenant with a slash',
      ['run', '--hooks', 'HOOKS', '--event', 'Stop', '--tenant', 'a/b'],
      '{}',
    ],
    ['an argument too many', ['run', '--hooks', 'HOOKS', 'extra'], '{}'],
  ])(
    'exits with 64 for %s, prints nothing on stdout, and says what to do',
    async (_, args, input) => {
      const place = file('hooks.yaml', hooks);
      const call = args.includes('--frob') ? hookpool : hookpoolHere;
      const { code, stdout, stderr } = await call(
        args.map((one) => (one === 'HOOKS' ? place : one)),
        input,
      );
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toMatch(/^hookpool: .+ \([A-Z_]+\)\n$/s);
    },
  );

  test('is not held up by a matcher that backtracks without end', async () => {
    const slow = file(
      'slow.yaml',
      'hooks:\n  PreToolUse:\n    - matcher: "(a+)+X"\n      script: exit 2\n',
    );
    const started = performance.now();
    const input = JSON.stringify({
      hook_event_name: 'PreToolUse',
      tool_name: `${'a'.repeat(40)}b`,
    });
    expect((await hookpool(['run', '--hooks', slow], input)).code).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('refuses a bad file whole, with every place', async () => {
    const bad = file(
      'bad.yaml',
      'hooks:\n  PreToolUse:\n    - matcher: "("\n      script: echo\n      tiemout: 3\n',
    );
    const { code, stderr } = await hookpoolHere(['run', '--hooks', bad], context('ls'));
    expect(code).toBe(64);
    expect(stderr).toContain(`${bad}:3:16: `);
    expect(stderr).toContain(`${bad}:5:7: `);
  });

  test('exits with 75 when no engine answers', async () => {
    const args = ['run', '--hooks', file('hooks.yaml', hooks)];
    const { code, stderr } = await hookpool(args, context('ls'), {
      DOCKER_HOST: 'unix:///nonexistent.sock',
    });
    expect(code).toBe(75);
    expect(stderr).toContain('ENGINE_DOWN');
  });

  test('exits with 75 and the command to build it when the image is missing', async () => {
    const args = ['run', '--hooks', file('hooks.yaml', hooks)];
    const { code, stderr } = await hookpoolHere(args, context('ls'), {
      HOOKPOOL_IMAGE: 'hookpool/sandbox:none',
    });
    expect(code).toBe(75);
    expect(stderr).toContain('hookpool image --build');
  });
});
