import { expect, test } from 'vitest';
import { tryAnswer } from '../../src/server/console-schemas.ts';
import { appUnderTest } from './app-under-test.ts';

const context = (tool: string) => ({
  hook_event_name: 'PreToolUse',
  tool_name: tool,
  tool_input: { command: 'ls' },
});
const guard = { name: 'guard', matcher: 'Bash', script: 'exit 2' };
const set = (...hooks: object[]) => ({ hooks: { PreToolUse: hooks } });

async function server(keepContexts = true) {
  const { app, jobs } = appUnderTest({ keepContexts });
  await app.inject({ method: 'PUT', url: '/v1/hooksets/a', payload: set(guard) });
  for (const tool of ['Bash', 'Bash', 'Write'])
    await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { context: context(tool), hookset: 'a' },
    });
  const ran = jobs.length;
  const tried = async (payload: object, query = '') => {
    const answer = await app.inject({ method: 'POST', url: `/v1/hooksets/a/try${query}`, payload });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(jobs.length).toBe(ran);
    return tryAnswer.parse(answer.json());
  };
  return { app, tried };
}

test('the same text changes nothing', async () => {
  const { tried } = await server();
  expect(await tried(set(guard))).toMatchObject({ considered: 3, same: 3, change: 0, changes: [] });
});

test.each([
  ['another script', [{ ...guard, script: 'exit 0' }], 2, 'changed', ['script']],
  ['another failMode', [{ ...guard, failMode: 'block' }], 2, 'changed', ['failMode']],
  ['another matcher', [{ ...guard, matcher: 'Read' }], 2, 'removed', undefined],
  [
    'one more hook',
    [guard, { name: 'new', matcher: '*', script: 'exit 0' }],
    3,
    'added',
    undefined,
  ],
])('%s is told for the evaluations that it is for', async (_, hooks, count, change, what) => {
  const { tried } = await server();
  const { changes, ...counts } = await tried(set(...hooks));
  expect(counts).toMatchObject({ considered: 3, same: 3 - count, change: count });
  expect(changes).toHaveLength(count);
  const [first] = changes.flatMap(({ hooks: told }) => told);
  expect([first?.change, first?.what]).toEqual([change, what]);
  expect(first?.decided).toBe(change === 'added' ? undefined : true);
  expect(changes[0]?.decision).toBe('may-change');
});

test('a hook that nobody hears changes no decision', async () => {
  const { tried } = await server();
  const shadow = { name: 'new', matcher: '*', shadow: true, script: 'exit 2' };
  const { changes } = await tried(set(guard, shadow));
  expect(changes.map(({ decision }) => decision)).toEqual(['same', 'same', 'same']);
});

test('evaluations without a kept context are counted apart', async () => {
  const { tried } = await server(false);
  expect(await tried(set())).toMatchObject({ considered: 0, withoutContext: 3, changes: [] });
});

test('contexts that the new hooks cannot read are counted apart, and the number is limited', async () => {
  const { tried } = await server();
  const foreign = { hooks: { pre_run_command: [{ command: 'exit 0' }] } };
  expect(await tried(foreign, '?dialect=windsurf&limit=2')).toMatchObject({
    considered: 0,
    unreadable: 2,
  });
  expect(await tried(set(guard), '?limit=1')).toMatchObject({ considered: 1 });
});

test('a text that cannot be used is refused as a PUT refuses it', async () => {
  const { app } = await server();
  const payload = { hooks: { Nothing: [] } };
  const answer = await app.inject({ method: 'POST', url: '/v1/hooksets/a/try', payload });
  expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'INVALID_HOOKS']);
});
