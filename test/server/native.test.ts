/**
 * The requests of agents that send http hooks, in their own shapes: Claude Code's hooks reference
 * @ec68a5b2, Copilot's hooks-reference.md@05da5bc3, Qwen Code's httpHookRunner@0efd005c.
 */
import { describe, expect, test } from 'vitest';
import { parseTokens } from '../../src/server/auth.ts';
import { appUnderTest, fakeRun } from './app-under-test.ts';

const claude = {
  session_id: 'abc123',
  prompt_id: 'p1',
  transcript_path: '/home/me/.claude/projects/p/abc123.jsonl',
  cwd: '/home/me/p',
  permission_mode: 'default',
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'rm -rf /', description: 'Clean up' },
  tool_use_id: 'toolu_01',
};
const copilot = {
  sessionId: 'abc123',
  timestamp: 1_765_000_000_000,
  cwd: '/home/me/p',
  toolName: 'bash',
  toolArgs: '{"command":"rm -rf /"}',
};
const qwen = {
  session_id: 'abc123',
  transcript_path: '/home/me/.qwen/projects/p/chats/abc123.jsonl',
  cwd: '/home/me/p',
  hook_event_name: 'PreToolUse',
  timestamp: '2026-11-28T10:00:00.000Z',
  permission_mode: 'default',
  tool_name: 'run_shell_command',
  tool_input: { command: 'rm -rf /' },
  tool_use_id: 'call_1',
};

const tokens = parseTokens(
  't',
  JSON.stringify([{ token: 'x'.repeat(32), tenant: 'a', role: 'admin' }]),
);
const guard = (event: string, script: string, more: object = {}) => ({
  hooks: { [event]: [{ name: 'guard', script, ...more }] },
});

async function server(
  dialect: string,
  file: object,
  options: Parameters<typeof appUnderTest>[0] = {},
) {
  const rig = appUnderTest(options);
  const put = `/v1/hooksets/guard?dialect=${dialect}`;
  expect((await rig.app.inject({ method: 'PUT', url: put, payload: file })).statusCode).toBe(201);
  const ask = (payload: object | string, query = 'hookset=guard', more: object = {}) =>
    rig.app.inject({
      method: 'POST',
      url: `/v1/native/${dialect}?${query}`,
      headers: { 'content-type': 'application/json', ...more },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  return { ...rig, ask };
}

describe('an agent is answered in its own words', () => {
  test.each([
    ['claude-code', claude, 'PreToolUse', '', { decision: 'block', reason: 'because' }],
    [
      'copilot',
      copilot,
      'preToolUse',
      '&event=preToolUse',
      { permissionDecision: 'deny', permissionDecisionReason: 'because' },
    ],
    ['qwen-code', qwen, 'PreToolUse', '', { decision: 'block', reason: 'because' }],
  ])('%s: a block is JSON with status 200', async (dialect, context, event, query, body) => {
    const { ask, jobs } = await server(dialect, guard(event, 'exit 2'));
    const answer = await ask(context, `hookset=guard${query}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual(body);
    expect(answer.headers['hookpool-error']).toBeUndefined();
    // What the script reads is what the agent has sent.
    expect(JSON.parse(Buffer.from(jobs[0]?.context ?? []).toString())).toEqual(context);
  });

  test.each([
    ['claude-code', claude, 'PreToolUse', ''],
    ['copilot', copilot, 'preToolUse', '&event=preToolUse'],
  ])('%s: no objection is an empty object', async (dialect, context, event, query) => {
    const { ask } = await server(dialect, guard(event, 'exit 0'));
    const { statusCode, body } = await ask(context, `hookset=guard${query}`);
    expect([statusCode, body]).toEqual([200, '{}\n']);
  });

  test('what the agent would read on stderr is a message', async () => {
    const { ask } = await server('qwen-code', guard('PreToolUse', 'exit 0'));
    expect((await ask(qwen)).json()).toEqual({ systemMessage: 'because' });
  });

  test('a context, an ask and a rewrite are in its fields', async () => {
    const said = {
      hookEventName: 'PreToolUse',
      permissionDecision: 'ask',
      permissionDecisionReason: 'sure?',
      updatedInput: { command: 'ls' },
    };
    const script = `echo ${JSON.stringify({ hookSpecificOutput: said })}`;
    const { ask } = await server('claude-code', guard('PreToolUse', script));
    expect((await ask(claude)).json()).toEqual({ hookSpecificOutput: said });
  });

  test('hooks of another dialect are read by their own', async () => {
    const { app, ask } = await server('copilot', {
      dialect: 'azure',
      ...guard('PreToolUse', 'exit 2', { matcher: '*' }),
    });
    const answer = await ask({ ...claude, hook_event_name: 'PreToolUse' });
    expect(answer.json()).toEqual({
      permissionDecision: 'deny',
      permissionDecisionReason: 'because',
    });
    await app.close();
  });

  test('the deadline is 25 s where the caller names none', async () => {
    const budgets: (number | undefined)[] = [];
    const { ask } = await server('claude-code', guard('PreToolUse', 'exit 0', { timeout: 600 }), {
      backend: {
        run: async (job, _signal, call) => {
          budgets.push(call?.budgetMs);
          return fakeRun(job);
        },
      },
    });
    await ask(claude);
    expect(budgets[0]).toBeGreaterThan(20_000);
    expect(budgets[0]).toBeLessThan(25_000);
  });
});

describe('without a decision the answer is 200 too, because the agent goes ahead after others', () => {
  test.each([
    ['an unknown hook set', claude, 'hookset=none', 'NOT_FOUND'],
    ['no hook set', claude, '', 'INVALID_REQUEST'],
    ['an unknown parameter', claude, 'hookset=guard&x=1', 'INVALID_REQUEST'],
    ['an event that the hooks do not know', { hook_event_name: 'X' }, undefined, 'INVALID_EVENT'],
    ['a body that is no JSON', '{', undefined, 'INVALID_CONTEXT'],
    ['an empty body', '', undefined, 'INVALID_CONTEXT'],
  ])('%s blocks', async (_, context, query, code) => {
    const { ask } = await server('claude-code', guard('PreToolUse', 'exit 0'));
    const answer = await ask(context, query);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['hookpool-error']).toBe(code);
    expect(answer.json()).toMatchObject({ decision: 'block' });
    expect(answer.json().reason).toMatch(
      /^hookpool has no decision: .* Without one it is blocked\.$/s,
    );
  });

  test('an unknown set lets the turn end, unless failMode is block', async () => {
    const { ask } = await server('claude-code', guard('PreToolUse', 'exit 0'));
    const stop = { ...claude, hook_event_name: 'Stop' };
    expect((await ask(stop, 'hookset=none')).json()).toEqual({
      systemMessage: expect.stringContaining('goes on without one'),
    });
    expect((await ask(stop, 'hookset=none&failMode=block')).json()).toMatchObject({
      decision: 'block',
    });
    expect((await ask(claude, 'hookset=none&failMode=ask')).json()).toMatchObject({
      hookSpecificOutput: { permissionDecision: 'ask' },
    });
  });

  test('a wrong token, a body that is too large and a server without places block', async () => {
    const { app } = appUnderTest({ tokens });
    const send = (headers: object, payload: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/native/claude-code?hookset=guard',
        headers: { 'content-type': 'application/json', ...headers },
        payload,
      });
    const wrong = await send({}, JSON.stringify(claude));
    expect([wrong.statusCode, wrong.json().decision]).toEqual([200, 'block']);
    expect(wrong.headers['hookpool-error']).toBe('UNAUTHENTICATED');
    const large = await send(
      { authorization: `Bearer ${'x'.repeat(32)}` },
      JSON.stringify({ ...claude, prompt: 'x'.repeat(1 << 21) }),
    );
    expect([large.statusCode, large.json().decision]).toEqual([200, 'block']);
    expect(large.headers['hookpool-error']).toBe('TOO_LARGE');
  });

  test('Copilot is denied its tool also where the address does not name the event', async () => {
    const answer = await appUnderTest({ tokens }).app.inject({
      method: 'POST',
      url: '/v1/native/copilot?hookset=guard',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(copilot),
    });
    expect(answer.headers['hookpool-error']).toBe('UNAUTHENTICATED');
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { permissionDecision: 'deny' }]);
  });

  test.each([
    ['twice', 'event=Stop&event=PreToolUse'],
    ['as an empty text', 'event='],
    ['once, beside two values of failMode,', 'event=PreToolUse&failMode=block&failMode=allow'],
  ])('an address that names the event %s blocks before a tool', async (_, query) => {
    const { ask } = await server('claude-code', guard('PreToolUse', 'exit 0'));
    const answer = await ask(claude, `hookset=guard&${query}`);
    expect(answer.headers['hookpool-error']).toBe('INVALID_REQUEST');
    expect([answer.statusCode, answer.json().decision]).toEqual([200, 'block']);
  });

  test('an address with an empty event leaves the end of a turn to the body', async () => {
    const { ask } = await server('claude-code', guard('PreToolUse', 'exit 0'));
    const stop = { ...claude, hook_event_name: 'Stop' };
    expect((await ask(stop, 'hookset=none&event=')).json()).toEqual({
      systemMessage: expect.stringContaining('goes on without one'),
    });
  });

  test('a bug of the server blocks, and does not tell what it is', async () => {
    const { ask, app } = await server('claude-code', guard('PreToolUse', 'exit 0'), {
      threads: {
        active: () => Promise.reject(new Error('secret')),
        switchOn: async () => 'on',
        switchOff: async () => undefined,
      },
    });
    const answer = await ask(claude, 'hookset=guard&thread=t');
    expect(answer.json().reason).toBe(
      'hookpool has no decision: hookpool failed. Without one it is blocked.',
    );
    await app.close();
  });
});

test.each([
  ['nobody', 'UNKNOWN_DIALECT'],
  ['windsurf', 'INVALID_REQUEST'],
])('for %s, which sends no http hooks, there is a plain error', async (dialect, code) => {
  const { app } = appUnderTest();
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/native/${dialect}?hookset=guard`,
    headers: { 'content-type': 'application/json' },
    payload: '{}',
  });
  expect([answer.statusCode, answer.json().error.code]).toEqual([400, code]);
});
