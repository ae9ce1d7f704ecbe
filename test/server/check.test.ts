import { expect, test } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { sha256 } from '../../src/server/audit-record.ts';
import { checkAnswer } from '../../src/server/console-schemas.ts';
import { appUnderTest } from './app-under-test.ts';

type Options = Parameters<typeof appUnderTest>[0];

async function checked(text: string, query = '', options: Options = {}) {
  const { app } = appUnderTest(options);
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/check${query}`,
    headers: { 'content-type': 'application/yaml' },
    payload: text,
  });
  expect(answer.statusCode, answer.body).toBe(200);
  const list = await app.inject({ method: 'GET', url: '/v1/hooksets' });
  expect(list.json()).toEqual({ hooksets: [] });
  return checkAnswer.parse(answer.json());
}

const good = `hooks:
  PreToolUse:
    - {name: guard, matcher: Bash, if: "Bash(rm *)", failMode: block, timeout: 3, script: exit 2}
    - {name: late, matcher: "*", async: true, script: exit 0}
`;

test('a good file is told with what was understood of it, and nothing is stored', async () => {
  const { ok, format, dialect, problems, syntaxChecked, hooks } = await checked(good);
  expect([ok, format, dialect, problems, syntaxChecked]).toEqual([
    true,
    'hookpool',
    'azure',
    [],
    true,
  ]);
  expect(hooks[0]).toEqual({
    ...{ hook: 'guard', event: 'PreToolUse', tier: 'agent', kind: 'command', runtime: 'bash' },
    ...{ matcher: 'Bash', condition: 'Bash(rm *)', timeoutMs: 3000, failMode: 'block', line: 3 },
    scriptSha256: sha256('exit 2'),
  });
  expect(hooks[1]).toMatchObject({ hook: 'late', async: true });
});

test('problems are part of the answer, each with its place', async () => {
  const { ok, problems, hooks } = await checked('hooks:\n  PreToolUse:\n    - {scrip: exit 0}\n');
  expect([ok, hooks]).toEqual([false, []]);
  expect(problems[0]).toMatchObject({ line: 3, pointer: '/hooks/PreToolUse/0/scrip' });
});

test('a text that cannot be parsed is a problem', async () => {
  const { ok, problems } = await checked('hooks: [');
  expect([ok, problems.length > 0]).toEqual([false, true]);
});

test('syntax errors of scripts are told beside the hooks, unless nobody asks for them', async () => {
  const text = good.replace('exit 2', 'SYNTAX');
  const { ok, problems, hooks } = await checked(text);
  expect([ok, hooks.length, problems[0]?.line]).toEqual([false, 2, 3]);
  const quick = await checked(text, '?syntax=false');
  expect([quick.ok, quick.syntaxChecked]).toEqual([true, false]);
});

test('without a sandbox the scripts are told as not parsed', async () => {
  const checkScript = () => Promise.reject(new UnavailableError('NO_WORKER', 'None.'));
  const { ok, syntaxChecked } = await checked(good, '', { backend: { checkScript } });
  expect([ok, syntaxChecked]).toEqual([true, false]);
});

test('JSON is read as JSON, and the query says what a document leaves open', async () => {
  const { app } = appUnderTest();
  const post = (payload: string, query = '') =>
    app.inject({
      method: 'POST',
      url: `/v1/check${query}`,
      headers: { 'content-type': 'application/json' },
      payload,
    });
  expect((await post('{"hooks": {}')).json().problems[0].message).toContain('not JSON');
  const file = '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "exit 0"}]}]}}';
  const { dialect, hooks } = (await post(file, '?dialect=claude-code&failMode=block')).json();
  expect([dialect, hooks[0].failMode]).toEqual(['claude-code', 'block']);
  expect((await post('{}', '?dialect=nobody')).statusCode).toBe(400);
});
