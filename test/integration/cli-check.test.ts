/**
 * `hookpool check` and the help texts. One of each kind of outcome is asked of the built command; needs
 * `npm run build`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';
import { hooks } from './cli-hooks.ts';

let folder = '';
const file = (name: string, content: string) => {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-cli-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('hookpool check', () => {
  test('parses a node script where node is', async () => {
    const text = (source: string) =>
      JSON.stringify({ hooks: { Stop: [{ script: `#!/usr/bin/env node\n${source}` }] } });
    const good = await hookpool(['check', file('node.json', text('await 1;'))]);
    expect([good.code, good.stdout]).toEqual([0, expect.stringMatching(/ node .* full/)]);
    const bad = await hookpoolHere(['check', file('node.json', text('await (;'))]);
    expect([bad.code, bad.stderr]).toEqual([64, expect.stringContaining('node cannot parse')]);
  });

  test('lists the hooks of a good file', async () => {
    const { code, stdout } = await hookpool(['check', file('hooks.yaml', hooks)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/PreToolUse +guard +agent +python3 +30 s +block +always +small +Bash/);
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
    expect((await hookpoolHere(['check', '--static', tests, good])).code).toBe(0);
    file('hooks.yaml', 'hooks: { Stop: [{}] }\n');
    file('hooks.hooktest.yaml', `${cases}more: 1\n`);
    const other = file('other.hooktest.yaml', `hooks: hooks.yaml\n${cases}`);
    const { code, stderr } = await hookpoolHere(['check', '--static', tests, good, other]);
    expect(code).toBe(64);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/hooks\.yaml:1:17: A command hook needs a script/),
      expect.stringMatching(/hooks\.hooktest\.yaml:5:1: Unknown key "more"/),
    ]);
  });

  test('warns of what it has changed, which is no problem', async () => {
    const late = file('late.yaml', 'hooks: { Stop: [{ script: exit 0, timeout: 999 }] }\n');
    const { code, stderr } = await hookpoolHere(['check', '--static', late]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^\S*late\.yaml:1:44: warning: timeout is 999 s.*300 s.*\n$/),
    });
    const { stdout } = await hookpoolHere(['check', '--static', '--json', late]);
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

  test.each([
    ...['run', 'exec', 'check', 'test', 'engine-proxy', 'doctor', 'image', 'schema'],
    ...['install', 'status', 'init', 'adopt', 'completion'],
  ])('%s has a help text', async (command) => {
    const { code, stdout } = await hookpoolHere([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^hookpool ${command}`));
  });

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
