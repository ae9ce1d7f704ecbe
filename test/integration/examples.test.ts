/** The examples do what examples/expected.json says, and the guard in the README does what it shows. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import { parseHooksFile } from '../../src/protocol/files/hooks-file.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { testPool } from '../support/pool.ts';

interface Expected {
  readonly example: string;
  readonly event: string;
  readonly decision: string;
  readonly reasonContains?: string;
}

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const expected = JSON.parse(read('examples/expected.json')) as Expected[];
let pool: Pool;

beforeAll(() => {
  pool = testPool();
});

afterAll(() => pool.drain());

function evaluateText(hooksFile: string, context: string): Promise<Decision> {
  const set = parseHooksFile('hooks.yaml', hooksFile);
  const request = { dialect: set.dialect, hooks: set.hooks.map(({ hook }) => hook), context: Buffer.from(context) };
  return evaluate(request, (job, signal) => execute(pool, job, signal));
}

test.each(expected)('$example: $event is $decision', async ({ example, event, decision, reasonContains }) => {
  const result = await evaluateText(read(`examples/${example}/hooks.yaml`), read(`examples/${example}/${event}`));
  expect(result).toMatchObject({ decision });
  expect(result.reason ?? '').toContain(reasonContains ?? '');
  expect(result.results.map(({ facts }) => facts?.status)).not.toContain('timed-out');
});

test.each(['examples/extended-agent.yaml', 'examples/global-hook.yaml'])('%s is a good file', (file) => {
  expect(parseHooksFile(file, read(file)).hooks.length).toBeGreaterThan(0);
});

test('the guard in the README blocks what the README says, with its words', async () => {
  const readme = read('README.md');
  const yaml = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const context = /echo '(\{.*\})'/.exec(readme)?.[1] ?? '';
  const reason = 'Name the files instead of rm -rf.';
  expect(readme).toContain(reason);
  expect(await evaluateText(yaml, context)).toMatchObject({ decision: 'block', reason });
});
