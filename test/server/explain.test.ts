import { expect, test } from 'vitest';
import { auditAnswer, evaluateAnswer } from '../../src/server/answer-schemas.ts';
import { sha256 } from '../../src/server/audit-record.ts';
import { explanationAnswer } from '../../src/server/explain-schemas.ts';
import { appUnderTest } from './app-under-test.ts';

const context = {
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'rm -rf /' },
};
const hooks = {
  PreToolUse: [
    { name: 'first', matcher: '*', script: 'exit 0' },
    { name: 'guard', matcher: 'Bash', script: 'exit 2' },
    { name: 'late', matcher: 'Bash', script: 'exit 0' },
    { name: 'writes', matcher: 'Write', script: 'exit 0' },
    { name: 'pushes', matcher: 'Bash', if: 'Bash(git push *)', script: 'exit 0' },
  ],
  Stop: [{ name: 'end', script: 'exit 0' }],
};

async function evaluated(more: object) {
  const { app, jobs } = appUnderTest();
  const payload = { context, hooks, evaluationId: 'e', ...more };
  const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  return { app, jobs, answer };
}

test('an explained evaluation tells of every hook what became of it, and why', async () => {
  const { answer } = await evaluated({ explain: true });
  const { explanation } = evaluateAnswer.parse(answer.json());
  expect(explanation?.headline).toBe('block: guard left with exit code 2.');
  expect(explanation?.hooks.map(({ hook, state, text }) => [hook, state, text])).toEqual([
    ['first', 'ran', 'It left with exit code 0. It says none.'],
    ['guard', 'ran', 'It left with exit code 2. It says block.'],
    ['late', 'chain-ended', 'guard ended the chain.'],
    ['writes', 'matcher', 'Its matcher Write does not match Bash.'],
    ['pushes', 'condition', 'Its condition Bash(git push *) does not hold.'],
    ['end', 'other-event', 'It is for Stop; the event is PreToolUse.'],
  ]);
  expect(explanation?.runs).toEqual([0, 1, 2]);
  expect(explanation?.combination).toMatchObject({
    order: 'sequential',
    decision: 'block',
    how: 'hook',
    decidedBy: 'guard',
  });
  expect(explanation?.combination.rules).toContain('A block ends the chain.');
  const [first, guard, , writes, pushes] = explanation?.hooks ?? [];
  expect(writes).toMatchObject({ matcher: 'Write', subject: 'Bash', selected: false });
  expect(pushes?.seen).toEqual([
    {
      member: 'command',
      value: 'rm -rf /',
      as: 'command',
      commands: ['rm -rf /'],
      understood: true,
    },
  ]);
  expect(guard).toMatchObject({ scriptSha256: sha256('exit 2'), how: 'hook', reason: 'because' });
  expect(first?.startedMs).toBeLessThanOrEqual(guard?.startedMs ?? -1);
  expect(explanation?.timings?.totalMs).toBeGreaterThanOrEqual(explanation?.timings?.selectMs ?? 0);
});

test('the answer has the words of every agent, each with its exit code', async () => {
  const { answer } = await evaluated({ explain: true });
  const { answers = [] } = evaluateAnswer.parse(answer.json()).explanation ?? {};
  const of = (name: string) => answers.find(({ dialect }) => dialect === name);
  expect(of('claude-code')).toMatchObject({ known: true, blocks: true });
  expect(of('claude-code')?.stdout).toContain('"decision":"block"');
  expect(of('gemini-cli')).toMatchObject({ known: false, exitCode: 2, stderr: 'because\n' });
});

test('the record of an explained evaluation keeps the explanation, and no other one has any', async () => {
  const { app, answer } = await evaluated({ explain: true });
  const record = await app.inject({ method: 'GET', url: '/v1/evaluations/e' });
  const { answers: _, ...explanation } = answer.json().explanation;
  expect(auditAnswer.parse(record.json()).explanation).toEqual(explanation);
  const other = await evaluated({});
  expect(other.answer.json()).not.toHaveProperty('explanation');
  const plain = await other.app.inject({ method: 'GET', url: '/v1/evaluations/e' });
  expect(plain.json()).not.toHaveProperty('explanation');
});

test('every record has the time at which each hook was called', async () => {
  const { app } = await evaluated({});
  const { hooks: ran } = (await app.inject({ method: 'GET', url: '/v1/evaluations/e' })).json();
  expect(ran).toHaveLength(2);
  for (const { startedMs } of ran) expect(startedMs).toBeGreaterThanOrEqual(0);
});

test('an explanation runs nothing and tells which hooks would run', async () => {
  const { app, jobs } = appUnderTest();
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/explain',
    payload: { context, hooks },
  });
  const explanation = explanationAnswer.parse(answer.json());
  expect(explanation.headline).toBe('3 hooks would run.');
  expect(explanation.ran).toBe(false);
  expect(explanation.hooks.map(({ state }) => state)).toEqual([
    'would-run',
    'would-run',
    'would-run',
    'matcher',
    'condition',
    'other-event',
  ]);
  expect(jobs).toEqual([]);
});

test('an evaluation whose context was kept can be explained afterwards', async () => {
  const { app } = appUnderTest({ keepContexts: true });
  const payload = { context, hooks, evaluationId: 'e' };
  await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  const answer = await app.inject({ method: 'GET', url: '/v1/evaluations/e/explanation' });
  const explanation = explanationAnswer.parse(answer.json());
  expect(explanation.headline).toBe('block: guard left with exit code 2.');
  expect(explanation.hooks.map(({ state }) => state)).toEqual([
    'ran',
    'ran',
    'chain-ended',
    'matcher',
    'condition',
    'other-event',
  ]);
  expect(explanation.answers?.length).toBeGreaterThan(10);
});

test('an evaluation that was neither explained nor kept cannot be explained afterwards', async () => {
  const { app } = await evaluated({});
  const answer = await app.inject({ method: 'GET', url: '/v1/evaluations/e/explanation' });
  expect(answer.statusCode).toBe(409);
});
