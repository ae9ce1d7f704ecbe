import { beforeAll, expect, test } from 'vitest';
import { parseTokens } from '../../src/server/auth.ts';
import { threadsAnswer } from '../../src/server/console-schemas.ts';
import type { EvaluationSearch } from '../../src/server/evaluation-summary.ts';
import { searchScans } from '../../src/server/evaluation-summary.ts';
import { MemoryEvaluations } from '../../src/server/memory-evaluations.ts';
import { evaluationsAnswer, keptContextAnswer } from '../../src/server/search-schemas.ts';
import { storeLimits } from '../../src/server/stores.ts';
import { appUnderTest, fakeRun } from './app-under-test.ts';

const bash = (command: string) => ({
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command },
});
const guard = (script: string, more: object = {}) => ({
  PreToolUse: [{ name: 'guard', matcher: 'Bash', script, ...more }],
});

/** Makes three evaluations: blocked by a hook, blocked by a failMode, and one whose hook did not run. */
async function three(options: Parameters<typeof appUnderTest>[0] = {}) {
  const { app } = appUnderTest({
    backend: {
      run: async (job) => {
        if (job.hook.name === 'away') throw new Error('gone');
        return fakeRun(job);
      },
    },
    ...options,
  });
  const evaluate = (id: string, hooks: object, command: string) =>
    app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { context: bash(command), hooks, evaluationId: id, thread: `thread-${id}` },
    });
  await evaluate('hook', guard('exit 2'), 'rm -rf /');
  await evaluate('failed', guard('exit 1', { failMode: 'block' }), 'ls src');
  await evaluate('away', guard('exit 0', { name: 'away', failMode: 'block' }), 'git push');
  const list = async (query: string) => {
    const answer = await app.inject({ method: 'GET', url: `/v1/evaluations${query}` });
    expect(answer.statusCode, answer.body).toBe(200);
    return evaluationsAnswer.parse(answer.json());
  };
  const ids = async (query: string) => (await list(query)).evaluations.map(({ id }) => id);
  return { app, list, ids };
}

test('a list has summaries, the newest first, and tells three kinds of blocks apart', async () => {
  const { list } = await three();
  const { evaluations, next, unreadable } = await list('');
  expect(evaluations.map(({ id, decision, how, code }) => [id, decision, how, code])).toEqual([
    ['away', 'block', 'not-run', 'INTERNAL'],
    ['failed', 'block', 'fail-mode', 'HOOK_EXIT_CODE'],
    ['hook', 'block', 'hook', undefined],
  ]);
  expect(evaluations[2]).toMatchObject({
    tool: 'Bash',
    subject: 'rm -rf /',
    event: 'PreToolUse',
    dialect: 'azure',
    thread: 'thread-hook',
    decidedBy: 'guard',
    reason: 'because',
    hooks: ['guard'],
    ...{ failed: 0, notRun: 0, skipped: 0, kept: false },
  });
  expect(evaluations.map(({ failed, notRun }) => [failed, notRun])).toEqual([
    [0, 1],
    [1, 0],
    [0, 0],
  ]);
  expect([next, unreadable]).toEqual([undefined, 0]);
});

let searched: Awaited<ReturnType<typeof three>>;
beforeAll(async () => {
  searched = await three();
});

test.each([
  ['?cause=hook', ['hook']],
  ['?cause=fail-mode', ['failed']],
  ['?cause=not-run', ['away']],
  ['?cause=INTERNAL', ['away']],
  ['?cause=!hook', ['away', 'failed']],
  ['?cause=!hook&cause=!not-run', ['failed']],
  ['?cause=hook&cause=not-run', ['away', 'hook']],
  ['?decision=block&hook=guard', ['failed', 'hook']],
  ['?decision=allow', []],
  ['?tool=Bash&event=PreToolUse&dialect=azure', ['away', 'failed', 'hook']],
  ['?tool=!Bash', []],
  ['?hookset=any', []],
  ['?hookset=!any', ['away', 'failed', 'hook']],
  ['?thread=thread-hook', ['hook']],
  ['?q=RM%20-RF', ['hook']],
  ['?q=because', ['failed', 'hook']],
  ['?since=2020-01-01T00:00:00Z', ['away', 'failed', 'hook']],
  ['?until=2020-01-01T00:00:00Z', []],
  ['?since=2120-01-01T00:00:00%2B01:00', []],
])('a search for %s finds %j', async (query, found) => {
  expect(await searched.ids(query)).toEqual(found);
});

test('pages follow one another without gap or repetition while evaluations arrive', async () => {
  const { app, list } = await three();
  const first = await list('?limit=2');
  expect(first.evaluations.map(({ id }) => id)).toEqual(['away', 'failed']);
  await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    payload: { context: bash('id'), hooks: guard('exit 0'), evaluationId: 'new' },
  });
  const second = await list(`?limit=2&before=${first.next}`);
  expect(second.evaluations.map(({ id }) => id)).toEqual(['hook']);
  expect(second.next).toBeUndefined();
});

test.each([
  'since=yesterday',
  'limit=0',
  'limit=201',
  'before=%00',
  'before=x',
  'q=',
  'colour=red',
  'decision=',
  `decision=${'x'.repeat(301)}`,
  Array.from({ length: 21 }, () => 'hook=a').join('&'),
])('a search for %s is refused', async (query) => {
  const { app } = searched;
  const answer = await app.inject({ method: 'GET', url: `/v1/evaluations?${query}` });
  expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'INVALID_REQUEST']);
});

test('one search looks at 2,000 evaluations at most, and the next page goes on', async () => {
  const store = new MemoryEvaluations(storeLimits);
  const { app } = await three({ evaluations: store });
  const [one] = (await app.inject({ method: 'GET', url: '/v1/evaluations' })).json().evaluations;
  const stored = await store.get('default', one.id);
  if (stored === undefined) throw new Error('nothing was stored');
  for (let at = 0; at < searchScans; at++)
    await store.put({ ...stored, record: { ...stored.record, id: `e${at}` } });
  const search: EvaluationSearch = { q: 'rm -rf' };
  const page = await store.list('default', search, { before: undefined, limit: 10 });
  expect([page.evaluations.length, page.scanned]).toEqual([0, searchScans]);
  const rest = await store.list('default', search, { before: page.next, limit: 10 });
  expect(rest.evaluations.map(({ id }) => id)).toEqual(['hook']);
});

test('subjects are left out of records where the operator says so', async () => {
  const { list } = await three({ recordSubjects: false });
  const { evaluations } = await list('');
  expect(evaluations.map(({ tool, subject }) => [tool, subject])).toEqual(
    Array.from({ length: 3 }, () => ['Bash', undefined]),
  );
});

test('a kept context is there for admins, with the hooks as they were', async () => {
  const { app } = await three({ keepContexts: true });
  const answer = await app.inject({ method: 'GET', url: '/v1/evaluations/hook/context' });
  const kept = keptContextAnswer.parse(answer.json());
  expect(JSON.parse(kept.context)).toEqual(bash('rm -rf /'));
  expect(kept.documents[0]?.text).toContain('exit 2');
});

test('a context that was not kept is a conflict', async () => {
  const { app } = await three();
  const answer = await app.inject({ method: 'GET', url: '/v1/evaluations/hook/context' });
  expect(answer.statusCode).toBe(409);
});

const tokens = parseTokens(
  'tokens.yaml',
  `- {token: view-token-0123456789, tenant: blue, role: view, name: wall}
- {token: blue-token-0123456789, tenant: blue, role: admin, name: Ada}
- {token: run-token-01234567890, tenant: blue, role: evaluate}
- {token: red-token-0123456789, tenant: red, role: admin}
`,
);
const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('a viewer reads lists and records without contexts, and does nothing else', async () => {
  const { app } = appUnderTest({ tokens, keepContexts: true });
  const payload = { context: bash('ls'), hooks: guard('exit 0'), evaluationId: 'e', explain: true };
  const url = '/v1/evaluate';
  await app.inject({ method: 'POST', url, payload, ...as('blue-token-0123456789') });
  const get = (place: string, token: string) =>
    app.inject({ method: 'GET', url: place, ...as(token) });
  const record = await get('/v1/evaluations/e', 'view-token-0123456789');
  expect(record.json()).toMatchObject({ id: 'e', caller: 'Ada' });
  expect(record.json()).not.toHaveProperty('context');
  // It quotes what conditions were tested on.
  expect(record.json()).not.toHaveProperty('explanation');
  const whole = (await get('/v1/evaluations/e', 'blue-token-0123456789')).json();
  expect(whole.context).toContain('ls');
  expect(whole.explanation).toMatchObject({ ran: true });
  const list = await get('/v1/evaluations', 'view-token-0123456789');
  expect(list.json().evaluations).toHaveLength(1);
  const refused = [
    await get('/v1/evaluations/e/context', 'view-token-0123456789'),
    await app.inject({ method: 'POST', url, payload, ...as('view-token-0123456789') }),
    await get('/v1/hooksets/x', 'view-token-0123456789'),
    await get('/v1/evaluations', 'run-token-01234567890'),
  ];
  expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403]);
});

test('no tenant finds the evaluations of another one', async () => {
  const { app } = appUnderTest({ tokens });
  const payload = { context: bash('ls'), hooks: guard('exit 0') };
  await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    payload,
    ...as('blue-token-0123456789'),
  });
  const red = await app.inject({
    method: 'GET',
    url: '/v1/evaluations',
    ...as('red-token-0123456789'),
  });
  expect(red.json()).toEqual({ evaluations: [], scanned: 0, unreadable: 0 });
});

test('threads are those of the kept evaluations, with what is switched on', async () => {
  const { app } = searched;
  const switchOn = '/v1/threads/thread-hook/hooks/guard';
  expect((await app.inject({ method: 'PUT', url: switchOn })).statusCode).toBe(204);
  const threads = async (query: string) => {
    const answer = await app.inject({ method: 'GET', url: `/v1/threads${query}` });
    return threadsAnswer.parse(answer.json());
  };
  const all = await threads('');
  expect(all.threads.map(({ thread, hooks }) => [thread, hooks])).toEqual([
    ['thread-away', []],
    ['thread-failed', []],
    ['thread-hook', ['guard']],
  ]);
  expect(all.complete).toBe(true);
  expect((await threads('?prefix=thread-f')).threads.map(({ thread }) => thread)).toEqual([
    'thread-failed',
  ]);
});
