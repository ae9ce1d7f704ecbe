/**
 * The command line from outside: what it prints, where, and its exit codes. Needs `npm run build`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';

let folder = '';
const file = (name: string, content: string) => {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
};

const hooks = `hooks:
  PreToolUse:
    - name: guard
      matcher: "Bash"
      failMode: block
      script: |
        #!/usr/bin/env python3
        import json, sys
        command = json.load(sys.stdin)['tool_input']['command']
        if 'ask' in command: print(json.dumps({'hookSpecificOutput': {'permissionDecision': 'ask', 'permissionReason': 'sure?'}}))
        elif 'rm' in command: print(json.dumps({'decision': 'block', 'reason': 'no rm'}))
        elif 'crash' in command: raise SystemExit(1)
  Stop:
    - name: reader
      command: cat; cat "$(jq -r .execution_summary < /dev/stdin)" >&2; exit 2
`;
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
    const result = await hookpool(
      ['run', '--hooks', file('hooks.yaml', hooks), '--json'],
      context('crash'),
    );
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({
      decision: 'block',
      cause: { kind: 'fail-mode', code: 'HOOK_EXIT_CODE' },
    });
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
      const { code, stdout, stderr } = await hookpool(
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
    const { code, stderr } = await hookpool(['run', '--hooks', bad], context('ls'));
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
    const { code, stderr } = await hookpool(args, context('ls'), {
      HOOKPOOL_IMAGE: 'hookpool/sandbox:none',
    });
    expect(code).toBe(75);
    expect(stderr).toContain('make image');
  });
});

describe('hookpool exec', () => {
  test.each([
    ['cat; echo err >&2; exit 7', 7, 'input', 'err\n'],
    ['kill -TERM $$', 143, '', 'hookpool: ended by SIGTERM\n'],
    ['yes', 125, null, 'hookpool: only 1048576 of '],
  ])('passes on output and exit code of: %s', async (script, code, stdout, stderr) => {
    const result = await hookpool(['exec', file('script', script), '--stdin', '-'], 'input');
    expect(result.code).toBe(code);
    if (stdout !== null) expect(result.stdout).toBe(stdout);
    expect(result.stderr).toContain(stderr);
  });

  test('exits with 124 after the timeout', async () => {
    const { code, stderr } = await hookpool([
      'exec',
      '--timeout',
      '0.3',
      file('script', 'sleep 60'),
    ]);
    expect({ code, stderr }).toEqual({ code: 124, stderr: 'hookpool: timed out\n' });
  });

  test('exits with 137 when memory ran out', async () => {
    const { code } = await hookpool([
      'exec',
      '--runtime',
      'python3',
      file('script', "x = [bytearray(b'x' * (8 << 20)) for _ in range(200)]"),
    ]);
    expect(code).toBe(137);
  });

  test('takes the runtime from the first line', async () => {
    const { stdout } = await hookpool([
      'exec',
      file('script', '#!/usr/bin/env python3\nprint(1 + 1)'),
      '--isolation',
      'job',
    ]);
    expect(stdout).toBe('2\n');
  });

  test.each([
    [['exec']],
    [['exec', 'a', 'b']],
    [['exec', '--runtime', 'ruby', 'x']],
    [['exec', '--timeout', '0', 'x']],
  ])('exits with 64 for %j', async (args) => {
    expect((await hookpool(args)).code).toBe(64);
  });
});

describe('hookpool check', () => {
  test('lists the hooks of a good file', async () => {
    const { code, stdout } = await hookpool(['check', file('hooks.yaml', hooks)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/PreToolUse +guard +agent +python3 +30 s +block +always +Bash/);
  });

  test('finds what bash and python3 cannot parse', async () => {
    const bad = file(
      'bad.yaml',
      'hooks:\n  Stop:\n    - script: |\n        if true; then\n    - script: |\n        #!/usr/bin/env python3\n        def f(:\n',
    );
    const { code, stdout, stderr } = await hookpool(['check', bad, '--json']);
    expect({ code, stderr }).toEqual({ code: 64, stderr: '' });
    const { problems } = JSON.parse(stdout) as { problems: { line: number; message: string }[] };
    expect(problems.map(({ line }) => line)).toEqual([3, 5]);
    expect(problems[1]?.message).toContain('line 2');
  });

  test('takes the test files that a glob finds beside hooks files, and tells a problem of both once', async () => {
    const good = file('hooks.yaml', hooks);
    const cases =
      'cases:\n  - name: a\n    context: { hook_event_name: Stop }\n    expect: { decision: none }\n';
    const tests = file('hooks.hooktest.yaml', cases);
    expect((await hookpool(['check', '--static', tests, good])).code).toBe(0);
    file('hooks.yaml', 'hooks: { Stop: [{}] }\n');
    file('hooks.hooktest.yaml', `${cases}more: 1\n`);
    const other = file('other.hooktest.yaml', `hooks: hooks.yaml\n${cases}`);
    const { code, stderr } = await hookpool(['check', '--static', tests, good, other]);
    expect(code).toBe(64);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/hooks\.yaml:1:17: A command hook needs a script/),
      expect.stringMatching(/hooks\.hooktest\.yaml:5:1: Unknown key "more"/),
    ]);
  });

  test('warns of what it has changed, which is no problem', async () => {
    const late = file('late.yaml', 'hooks: { Stop: [{ script: exit 0, timeout: 999 }] }\n');
    const { code, stderr } = await hookpool(['check', '--static', late]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^\S*late\.yaml:1:44: warning: timeout is 999 s.*300 s.*\n$/),
    });
    const { stdout } = await hookpool(['check', '--static', '--json', late]);
    expect(JSON.parse(stdout)).toMatchObject({
      problems: [],
      warnings: [{ line: 1 }],
      hooks: [{ timeoutMs: 300_000 }],
    });
  });

  test('needs no engine with --static', async () => {
    const { code } = await hookpool(['check', '--static', file('hooks.yaml', hooks)], '', {
      DOCKER_HOST: 'unix:///nonexistent.sock',
    });
    expect(code).toBe(0);
  });
});

describe('hookpool', () => {
  test('finds this machine fit: every limit holds when it is tried', async () => {
    const { code, stdout } = await hookpool(['doctor', '--json']);
    const findings = JSON.parse(stdout) as { level: string }[];
    expect(findings.filter((finding) => finding.level === 'fail')).toEqual([]);
    expect(code).toBe(0);
  });

  test('says with doctor what is missing when no engine answers', async () => {
    const { code, stdout } = await hookpool(['doctor'], '', {
      DOCKER_HOST: 'unix:///nonexistent.sock',
    });
    expect(code).toBe(75);
    expect(stdout).toMatch(/^fail +engine/);
  });

  test.each(['run', 'exec', 'check', 'test', 'engine-proxy', 'doctor', 'image', 'schema'])(
    '%s has a help text',
    async (command) => {
      const { code, stdout } = await hookpool([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^hookpool ${command}`));
    },
  );

  test('prints its version, and its help for no command with 64', async () => {
    const { version } = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as {
      version: string;
    };
    expect((await hookpool(['--version'])).stdout).toBe(`${version}\n`);
    expect((await hookpool([])).code).toBe(64);
    expect((await hookpool(['--help'])).code).toBe(0);
    expect((await hookpool(['constructor'])).code).toBe(64);
  });
});
