/**
 * The guard in the README does what it shows. The examples have tests of their own:
 * hook-tests.test.ts runs them.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { testPool } from '../support/pool.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
let pool: Pool;

beforeAll(() => {
  pool = testPool();
});

afterAll(() => pool.drain());

function evaluateText(hooksFile: string, context: string): Promise<Decision> {
  const set = parseHooksFile('hooks.yaml', hooksFile);
  const request = {
    dialect: set.dialect,
    hooks: set.hooks.map(({ hook }) => hook),
    context: Buffer.from(context),
  };
  return evaluate(request, (job, signal) => execute(pool, job, signal));
}

const readme = read('README.md');
const guard = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
const shown = /echo '(\{.*\})'/.exec(readme)?.[1] ?? '';
const reason = 'Name the files instead of rm -rf.';
/** 120 levels of lists; the README's context has room for 8 more. */
const deep = `${'['.repeat(119)}${']'.repeat(119)}`;

test('the README shows the words of its guard', () => {
  expect(readme).toContain(reason);
});

test.each([
  ['as the README says', '}'],
  ['beside half an emoji', ',"description":"clean up \\ud83d"}'],
  ['with half an emoji in the name of a member', ',"\\ud83d":1}'],
  ['beside 120 levels', `,"nested":${deep}}`],
])('the guard in the README blocks with its words: %s', async (_, end) => {
  const context = shown.replace(/\}$/, end);
  expect(JSON.parse(context)).toMatchObject({ tool_input: { command: 'rm -rf /srv' } });
  expect(await evaluateText(guard, context)).toMatchObject({ decision: 'block', reason });
});

test.each([
  ['half an emoji in the command', '{"command":"rm \\ud83d -rf; rm -rf /"}', 'block'],
  ['no command', '{"file":"x"}', 'block'],
  ['another command', '{"command":"ls","description":"\\ud83d"}', 'none'],
])('the guard in the README decides on %s', async (_, input, decision) => {
  const context = `{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":${input}}`;
  expect(await evaluateText(guard, context)).toMatchObject({ decision });
});
