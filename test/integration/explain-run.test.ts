/** hookpool explain --run in real sandboxes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hookpoolHere } from '../support/cli-here.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-explain-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an event that is run is explained with what became of each hook, and a block is 2', async () => {
  const file = path.join(folder, 'hooks.yaml');
  writeFileSync(
    file,
    `hooks:
  PreToolUse:
    - {name: first, matcher: "*", script: exit 0}
    - {name: guard, matcher: Bash, script: "echo no >&2; exit 2"}
    - {name: late, matcher: Bash, script: exit 0}
`,
  );
  const event = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: {} };
  const args = ['explain', '--hooks', file, '--run', '--json'];
  const { code, stdout, stderr } = await hookpoolHere(args, JSON.stringify(event));
  expect([code, stderr]).toEqual([2, 'no\n']);
  const told = JSON.parse(stdout);
  expect(told.headline).toBe('block: guard left with exit code 2.');
  const states = told.hooks.map(({ state }: { readonly state: string }) => state);
  expect(states).toEqual(['ran', 'ran', 'chain-ended']);
  expect(told.hooks[1].startedMs).toBeGreaterThan(told.hooks[0].startedMs);
});
