/**
 * `hookpool test`: exit codes and reports, of whole calls. Calls for people, for JUnit and for TAP are
 * of the built command; needs `npm run build`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';
import { blocks, guardedHooks, HookTestFolder, passes } from '../support/hook-test-folder.ts';

const root = path.join(import.meta.dirname, '../..');
const examples = path.join(root, 'examples');
let folder: HookTestFolder;

beforeEach(() => {
  folder = new HookTestFolder();
});
afterEach(() => folder.remove());

interface JsonReport {
  readonly passed: number;
  readonly cases: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly mismatches: readonly { field: string }[];
  }[];
  readonly unreachedHooks: readonly object[] | null;
}

async function report(...args: string[]): Promise<{ code: number | null; json: JsonReport }> {
  const { code, stdout } = await hookpoolHere(['test', folder.path, '--json', ...args]);
  return { code, json: JSON.parse(stdout) as JsonReport };
}

describe('hookpool test', () => {
  test('all cases of the examples pass, and every hook of theirs is reached', async () => {
    const { code, stdout, stderr } = await hookpool(['test', examples, '--require-coverage']);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\n1[0-9]\d passed, 0 failed \(/);
  });

  test('the test in the README is one of the guard in the README, and passes', async () => {
    const [guard, cases] = [
      ...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
    ];
    folder.put('hooks.yaml', guard?.[1] ?? '');
    folder.put('hooks.hooktest.yaml', cases?.[1] ?? '');
    const { code, stdout } = await hookpoolHere(['test', folder.path, '--require-coverage']);
    expect(code, stdout).toBe(0);
  });

  test('a wrong expectation is a failure: exit code 1, that mismatch and no other', async () => {
    const wrong = [
      ['decision', 'ls', 'decision: block'],
      ['reason', 'rm', 'decision: block, reason: another'],
      ['additionalContext', 'ls', 'decision: none, additionalContext: note'],
      ['updatedInput', 'ls', 'decision: none, updatedInput: { command: ls }'],
      ['decidedBy', 'rm', 'decision: block, decidedBy: other'],
      ['cause', 'sleep', 'decision: block, cause: exit-code'],
      ['maxMs', 'sleep', 'decision: block, cause: HOOK_TIMED_OUT, maxMs: 100'],
      ['diagnostics', 'ls', 'decision: none, diagnostics: [X]'],
    ] as const;
    folder.putCases(...wrong, passes);
    const { code, json } = await report();
    expect(code).toBe(1);
    const told = json.cases.map(({ name, outcome, mismatches }) => [
      name,
      outcome,
      mismatches.map(({ field }) => field),
    ]);
    expect(told).toEqual([
      ...wrong.map(([field]) => [field, 'failed', [field]]),
      ['passes ls', 'passed', []],
    ]);
  });

  test('shows a failure with its place, what the hook did and what it wrote to stderr', async () => {
    const file = folder.putCases(blocks, ['crashes', 'crash', 'decision: none']);
    const { code, stdout } = await hookpool(['test', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('  ok    blocks rm');
    expect(stdout).toContain(
      `FAIL ${file}:6: crashes\n  decision: expected none, got block\n  guard: exited 7, block by HOOK_EXIT_CODE`,
    );
    expect(stdout).toContain('  stderr| <last> & "words"\n');
    expect(stdout).toMatch(/\n1 passed, 1 failed \(\d+\.\d\d s\)\n$/);
  });

  test.each(['1', '3'])('a case finds nothing of another one, %s at once', async (concurrency) => {
    const list = Array.from(
      { length: 4 },
      (_, at) => [`touches ${at}`, 'touch', 'decision: none'] as const,
    );
    folder.putCases(...list);
    const { code, json } = await report('--concurrency', concurrency);
    expect(json).toMatchObject({ passed: 4 });
    expect(code).toBe(0);
  });

  test('a hook that no case runs is told, and fails with --require-coverage', async () => {
    folder.putCases(blocks);
    const place = { file: folder.file('hooks.yaml'), line: 19, event: 'Stop', hook: 'end' };
    expect(await report()).toMatchObject({ code: 0, json: { unreachedHooks: [place] } });
    const strict = await report('--require-coverage');
    expect(strict).toMatchObject({
      code: 1,
      json: { passed: 1, failed: 1, cases: [{ outcome: 'passed' }, { outcome: 'failed' }] },
    });
  });

  test('--only runs some of the cases, and says nothing about hooks that these do not run', async () => {
    folder.putCases(blocks, passes);
    expect(await report('--only', '/LS$/i')).toMatchObject({
      code: 0,
      json: { cases: [{ name: 'passes ls' }], unreachedHooks: null },
    });
    expect((await hookpoolHere(['test', folder.path, '--only', 'nothing'])).code).toBe(64);
  });

  test('--bail starts nothing after a failure', async () => {
    folder.putCases(passes, ['wrong', 'ls', 'decision: block'], blocks, [
      'more',
      'ls',
      'decision: none',
    ]);
    const { json } = await report('--bail', '--concurrency', '1');
    expect(json.cases.map(({ outcome }) => outcome)).toEqual([
      'passed',
      'failed',
      'skipped',
      'skipped',
    ]);
  });

  test('bad files are refused whole with every place, and no case runs', async () => {
    const file = folder.putCases(['wrong', 'ls', 'decision: deny, reson: x'], blocks);
    const { code, stdout, stderr } = await hookpool(['test', folder.path]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(`${file}:5:25: decision: `);
    expect(stderr).toContain(`${file}:5:31: Unknown key "reson".`);
  });

  test('a script that bash cannot parse is refused at its place', async () => {
    folder.putCases(blocks);
    folder.put('hooks.yaml', guardedHooks.replace('command: exit 0', 'command: if true'));
    const { code, stderr } = await hookpoolHere(['test', folder.path]);
    expect(code).toBe(64);
    expect(stderr).toContain(`${folder.file('hooks.yaml')}:19:16: bash cannot parse the script`);
  });

  test('no engine is 75, however the failMode decides', async () => {
    folder.putCases(blocks);
    const { code, stdout } = await hookpool(['test', folder.path], '', {
      DOCKER_HOST: 'unix:///nonexistent.sock',
    });
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
  });

  test.each([
    [[], 'Name at least one DIR or FILE'],
    [['FOLDER', '--json', '--tap'], '--json and --tap'],
    [['FOLDER', '--watch', '--json'], '--watch is for people'],
    [['FOLDER', '--concurrency', '1.5'], 'whole number'],
    [['FOLDER', '--concurrency', '0'], 'from 1 to 64'],
    [['FOLDER', '--only', '/(/'], 'not a regular expression'],
    [['FOLDER', '--require-coverage', '--bail'], '--require-coverage needs every case'],
    [['FOLDER/hooks.yaml'], 'hooks: must be the name of a hooks file'],
    [['FOLDER/nope'], 'Cannot read'],
  ])('exits with 64 for %j: %s', async (args, message) => {
    folder.putCases(blocks);
    const { code, stderr } = await hookpoolHere([
      'test',
      ...args.map((arg) => arg.replace('FOLDER', folder.path)),
    ]);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });

  test('a folder without a test is a mistake, and the message says what to write', async () => {
    const { code, stderr } = await hookpoolHere(['test', folder.path]);
    expect(code).toBe(64);
    expect(stderr).toContain('hooks.hooktest.yaml');
  });
});

describe('reports for programs', () => {
  test('JUnit XML is read by an XML parser, with the texts of the script', async () => {
    folder.putCases(blocks, ['crashes & <burns>', 'crash', 'decision: none']);
    const file = folder.file('report.xml');
    expect((await hookpool(['test', folder.path, '--junit', file])).code).toBe(1);
    const reader = folder.put(
      'read.py',
      `#!/usr/bin/env python3
import json, sys, xml.etree.ElementTree as ET
top = ET.parse(sys.stdin.buffer).getroot()
cases = [[c.get('name'), [[f.tag, f.text] for f in c]] for c in top.iter('testcase')]
print(json.dumps([top.tag, top.get('tests'), top.get('failures'), cases]))
`,
    );
    const { stdout } = await hookpoolHere(['exec', reader, '--stdin', file]);
    const failure = ['failure', expect.stringContaining('\n  stderr| <last> & "words"')];
    expect(JSON.parse(stdout)).toEqual([
      'testsuites',
      '2',
      '1',
      [
        ['blocks rm', []],
        ['crashes & <burns>', [failure]],
      ],
    ]);
  });

  test('TAP has a plan for all points', async () => {
    folder.putCases(blocks, passes, ['wrong # here', 'ls', 'decision: ask']);
    const { code, stdout } = await hookpool(['test', folder.path, '--tap']);
    const file = folder.file('hooks.hooktest.yaml');
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
      'TAP version 14',
      '1..3',
      `ok 1 - ${file}: blocks rm`,
      `ok 2 - ${file}: passes ls`,
      `not ok 3 - ${file}: wrong \\# here`,
      `# no case runs ${folder.file('hooks.yaml')}:19: Stop end`,
      '',
    ]);
  });
});
