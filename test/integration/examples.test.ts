/**
 * The guard in the README and the demo do what they show. The examples have tests of their own:
 * hook-tests.test.ts runs them. Needs `npm run build`.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
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

const node = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, args, { cwd: root });

test('every hooks file of the examples is tested by a file of its own', () => {
  const files = readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.hooktest.yaml'));
  const hooks = files.filter((file) => /(^|[/-])(hooks?|agent)\.yaml$/.test(file));
  expect(hooks.length).toBeGreaterThan(8);
  expect(
    hooks.filter((file) => !tests.includes(file.replace(/\.yaml$/, '.hooktest.yaml'))),
  ).toEqual([]);
});

test('the demo decides as the test files say, and tells of every type of hook why', async () => {
  const { stdout } = await node('--import=tsx', 'examples/demo.mjs');
  expect(stdout).toContain('Every decision is the expected one.');
  for (const told of [
    /block {2}Stop: 2\. the quality gate sends[^\n]*\n +The answer needs "## Root Cause" with what failed/,
    /warm p50: bash [\d.]+ ms, python3 [\d.]+ ms/,
    /sre-safety-guard \(python3, exit code 0\): allow/,
    /tests-passed \(agent, judge stand-in, 2 questions, GrepSearch in a sandbox \d+ ms\): block/,
    /write-policy \(http, status 200 of 127\.0\.0\.1\/v1\/check\): block/,
    /the audit service was told \{"event":"file_written","path":"src\/app\.ts",/,
    /block {2}pre_run: denies a prompt about a topic\n +Prompts about salary are not answered\./,
  ])
    expect(stdout).toMatch(told);
});

test('the stand-in names the port that is taken, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    await expect(node('examples/stand-in/server.mjs', String(port))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Port ${port} is taken. Give another one`),
    });
  } finally {
    other.close();
  }
});
