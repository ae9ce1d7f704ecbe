import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hookpoolHere } from '../support/cli-here.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hooksFile = path.join(folder, 'hooks.yaml');
writeFileSync(
  hooksFile,
  `hooks:
  PreToolUse:
    - {name: guard, matcher: Bash, script: exit 2}
    - {name: writes, matcher: Write, script: exit 0}
    - {name: pushes, matcher: Bash, if: "Bash(git push *)", script: exit 0}
  Stop:
    - {name: end, script: exit 0}
`,
);
const context = JSON.stringify({
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'cd x && rm -rf /' },
});
const explained = (...more: string[]) =>
  hookpoolHere(['explain', '--hooks', hooksFile, ...more], context);

test('a story tells of every hook whether it would run, and why not, without an engine', async () => {
  const { code, stdout, stderr } = await explained();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^PreToolUse, Bash \(azure\)\n1 hook would run\.\n/);
  expect(stdout).toMatch(/1 +guard +PreToolUse +agent +would-run +It is for the event\./);
  expect(stdout).toMatch(/2 +writes .* matcher +Its matcher Write does not match Bash\./);
  expect(stdout).toMatch(/3 +pushes .* condition +Its condition Bash\(git push \*\) does not hold/);
  expect(stdout).toMatch(/4 +end .* other-event +It is for Stop; the event is PreToolUse\./);
  expect(stdout).toContain('  command: cd x && rm -rf /\n    cd x\n    rm -rf /\n');
  expect(stdout).toContain('  - The strictest decision counts');
});

test('programs get what the API answers', async () => {
  const { code, stdout } = await explained('--json');
  const told = JSON.parse(stdout);
  expect([code, told.ran, told.runs]).toEqual([0, false, [0]]);
  expect(told.hooks.map(({ state }: { readonly state: string }) => state)).toEqual([
    'would-run',
    'matcher',
    'condition',
    'other-event',
  ]);
});

test.each([
  [['--event', 'Stop', '--context', '/does/not/exist'], 'Cannot read'],
  [['--event', 'Stop'], 'the context says PreToolUse'],
  [['--hooks', path.join(folder, 'none.yaml')], 'Cannot read'],
  [['--dialect', 'nobody'], 'There is no dialect'],
  [['more'], 'Unexpected argument'],
])('bad use of %j is 64', async (more, text) => {
  const { code, stdout, stderr } = await explained(...more);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain(text);
});
