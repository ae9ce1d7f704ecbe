/** Hook sets that are Azure's own documents, and hooks switched on for a thread. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const examples = path.join(import.meta.dirname, '../../examples');
const agent = readFileSync(path.join(examples, 'extended-agent.yaml'), 'utf8');
const globalHook = readFileSync(path.join(examples, 'global-hook.yaml'), 'utf8');
const yaml = { 'content-type': 'application/yaml' };
const agentUrl = '/api/v2/extendedAgent/agents/postgres_responder';
const hookUrl = '/api/v2/extendedAgent/hooks/tool-audit';

describe("Azure's documents", () => {
  test('are stored unchanged and evaluated together: the agent with the global hooks', async () => {
    const { app, jobs } = appUnderTest();
    const stored = await app.inject({
      method: 'PUT',
      url: agentUrl,
      headers: yaml,
      payload: agent,
    });
    expect([stored.statusCode, stored.json()]).toMatchObject([
      201,
      { format: 'azure-extended-agent', hookCount: 3 },
    ]);
    expect(
      (await app.inject({ method: 'PUT', url: hookUrl, headers: yaml, payload: globalHook }))
        .statusCode,
    ).toBe(201);
    const system = {
      hooks: {
        PostToolUse: [{ name: 'system__first', tier: 'system', matcher: '*', script: 'exit 0' }],
      },
    };
    expect(
      (
        await app.inject({
          method: 'PUT',
          url: '/api/v2/extendedAgent/hooks/first',
          payload: system,
        })
      ).statusCode,
    ).toBe(201);
    expect((await app.inject({ method: 'GET', url: agentUrl })).body).toBe(agent);
    const context = { hook_event_name: 'PostToolUse', tool_name: 'x' };
    const payload = { context, hookset: 'postgres_responder', active: ['tool-audit'] };
    const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
    expect(answer.json().results.map((result: { hook: string }) => result.hook)).toEqual([
      'system__first',
      'tool-audit',
    ]);
    expect(jobs.length).toBe(2);
    await app.inject({ method: 'DELETE', url: hookUrl });
    const after = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
    expect(after.json().results.length).toBe(1);
  });

  test('do not join a plain hook set', async () => {
    const { app } = appUnderTest();
    await app.inject({ method: 'PUT', url: hookUrl, headers: yaml, payload: globalHook });
    await app.inject({ method: 'PUT', url: '/v1/hooksets/plain', payload: { hooks: {} } });
    const context = { hook_event_name: 'PostToolUse', tool_name: 'x' };
    const payload = { context, hookset: 'plain', active: ['tool-audit'] };
    expect(
      (await app.inject({ method: 'POST', url: '/v1/evaluate', payload })).json().results,
    ).toEqual([]);
  });

  test('a global hook without a name is called as its address', async () => {
    const { app } = appUnderTest();
    await app.inject({ method: 'PUT', url: agentUrl, headers: yaml, payload: agent });
    const payload = globalHook.replace('name: tool-audit\n', '');
    await app.inject({
      method: 'PUT',
      url: '/api/v2/extendedAgent/hooks/mine',
      headers: yaml,
      payload,
    });
    const context = { hook_event_name: 'PostToolUse', tool_name: 'x' };
    const ask = { context, hookset: 'postgres_responder', active: ['mine'] };
    const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    expect(answer.json().results.map((result: { hook: string }) => result.hook)).toEqual(['mine']);
  });

  test.each([
    ['an agent under another name', '/api/v2/extendedAgent/agents/other', agent, '/metadata/name'],
    ['a global hook as an agent', agentUrl, globalHook, '/kind'],
    ['an agent as a global hook', hookUrl, agent, '/kind'],
    [
      'hooks of the agent tier as global ones',
      hookUrl,
      JSON.stringify({ hooks: stopHook('exit 0') }),
      '/hooks',
    ],
  ])('%s is refused', async (_, url, payload, pointer) => {
    const { app } = appUnderTest();
    const answer = await app.inject({ method: 'PUT', url, headers: yaml, payload });
    expect([answer.statusCode, answer.json().error.pointer]).toEqual([400, pointer]);
  });
});

test('on-demand hooks are switched on for one thread of one tenant', async () => {
  const { app } = appUnderTest();
  const hooks = stopHook('exit 2', { activation: 'on-demand' });
  const ask = async (thread: string) => {
    const payload = { context: stopContext, hooks, thread };
    return (await app.inject({ method: 'POST', url: '/v1/evaluate', payload })).json().decision;
  };
  const url = `/v1/threads/${encodeURIComponent('19:abc/x@thread.v2')}/hooks`;
  const thread = '19:abc/x@thread.v2';
  expect(await ask(thread)).toBe('none');
  expect((await app.inject({ method: 'PUT', url: `${url}/guard` })).statusCode).toBe(204);
  expect((await app.inject({ method: 'PUT', url: `${url}/guard` })).statusCode).toBe(204);
  expect((await app.inject({ method: 'GET', url })).json()).toEqual({ thread, hooks: ['guard'] });
  expect((await app.inject({ method: 'GET', url: `${url}?tenant=other` })).json().hooks).toEqual(
    [],
  );
  expect([await ask(thread), await ask('another')]).toEqual(['block', 'none']);
  expect((await app.inject({ method: 'DELETE', url: `${url}/guard` })).statusCode).toBe(204);
  expect(await ask(thread)).toBe('none');
});
