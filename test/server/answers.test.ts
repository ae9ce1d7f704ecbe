import { expect, test } from 'vitest';
import { dialectNames } from '../../src/agents/registry.ts';
import { answersAnswer } from '../../src/server/console-schemas.ts';
import { appUnderTest } from './app-under-test.ts';

const { app } = appUnderTest({ bodyLimitBytes: 1 << 20 });
const ask = (payload: object) => app.inject({ method: 'POST', url: '/v1/answers', payload });

test('a decision is told in the words of every agent', async () => {
  const answer = await ask({
    decision: { decision: 'block', reason: 'No.', diagnostics: [], results: [{ bad: 1 }] },
    event: 'PreToolUse',
  });
  const { answers } = answersAnswer.parse(answer.json());
  expect(answers.map(({ dialect }) => dialect)).toEqual(dialectNames);
  const of = (name: string) => answers.find(({ dialect }) => dialect === name);
  expect(of('cursor')).toMatchObject({ known: true });
  expect(of('gemini-cli')).toMatchObject({ known: false, exitCode: 2, stderr: 'No.\n' });
});

test('one word is enough', async () => {
  const { answers } = answersAnswer.parse(
    (await ask({ decision: 'ask', event: 'PreToolUse' })).json(),
  );
  const claude = answers.find(({ dialect }) => dialect === 'claude-code');
  expect(claude?.stdout).toContain('"permissionDecision":"ask"');
});

test('a rewrite is applied to the input of the context', async () => {
  const answer = await ask({
    decision: { decision: 'none', updatedInput: { command: 'ls' }, effectiveInput: {} },
    event: 'PreToolUse',
    dialect: 'claude-code',
    context: '{"tool_name":"Bash","tool_input":{"command":"rm"}}',
  });
  expect(answer.statusCode, answer.body).toBe(200);
});

test.each([
  [{ event: 'Stop' }, 400, '/decision'],
  [{ decision: 'perhaps', event: 'Stop' }, 400, '/decision'],
  [{ decision: 'block' }, 400, '/event'],
  [{ decision: 'block', event: 'Stop', dialect: 'nobody' }, 400, '/dialect'],
  [{ decision: 'block', event: 'Stop', context: '[' }, 400, '/context'],
  [{ decision: 'block', event: 'Stop', context: 'null' }, 400, '/context'],
  [{ decision: 'block', event: 'x'.repeat(257) }, 400, '/event'],
  [{ decision: { decision: 'block', reason: 'x'.repeat(300_000) }, event: 'Stop' }, 413, ''],
])('%#: bad bodies are refused with the field', async (payload, status, pointer) => {
  const answer = await ask(payload);
  expect([answer.statusCode, answer.json().error.pointer]).toEqual([status, pointer]);
});
