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

test('the guard in the README blocks what the README says, with its words', async () => {
  const readme = read('README.md');
  const yaml = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const context = /echo '(\{.*\})'/.exec(readme)?.[1] ?? '';
  const reason = 'Name the files instead of rm -rf.';
  expect(readme).toContain(reason);
  expect(await evaluateText(yaml, context)).toMatchObject({ decision: 'block', reason });
});
