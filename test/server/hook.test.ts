import { describe, expect, test } from 'vitest';
import { hookAnswer } from '../../src/server/answer-schemas.ts';
import { appUnderTest, stopHook } from './app-under-test.ts';
import { context, file, json, post, withFile } from './hook-calls.ts';

test('the answer is what a command hook of the agent prints', async () => {
  const { answer } = await withFile('exit 2');
  expect(answer.statusCode).toBe(200);
  expect(hookAnswer.strict().parse(answer.json())).toMatchObject({
    decision: 'block',
    stdout: '{"decision":"block","reason":"because"}\n',
    stderr: '',
    exitCode: 0,
  });
  expect((await withFile('exit 0')).answer.json()).toMatchObject({
    decision: 'none',
    stdout: '',
    stderr: '',
    exitCode: 0,
  });
});

test('a shell gets exit code, stdout and stderr, each with an end', async () => {
  const { answer } = await withFile('exit 2', { ...json, accept: 'text/plain' });
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.body).toBe('0\u001e{"decision":"block","reason":"because"}\n\u001e\u001e');
});

test('the context reaches the script byte for byte', async () => {
  const { jobs } = await withFile('exit 0');
  expect(Buffer.from(jobs[0]?.context ?? []).toString()).toBe(context);
});

test('a stored hook set is found by its name, with the event that the caller names', async () => {
  const { app, jobs } = appUnderTest();
  await app.inject({
    method: 'PUT',
    url: '/v1/hooksets/mine',
    headers: json,
    payload: file('exit 2'),
  });
  const url =
    '/v1/hook?dialect=openhands&hookset=mine&event=stop&thread=t&tenant=default&deadlineMs=1000';
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/octet-stream' },
    payload: '{}',
  });
  expect(answer.json()).toMatchObject({ stdout: '{"decision":"deny","reason":"because"}\n' });
  expect(jobs.length).toBe(1);
});

describe('the dialect of the hooks', () => {
  const start = { hook_event_name: 'SessionStart', source: 'startup' };
  const hooks = { SessionStart: [{ command: 'exit 0' }] };
  const ask = async (dialect: string, document: object | string, more = '') => {
    const text = JSON.stringify(start);
    const behind = typeof document === 'string' ? document : JSON.stringify(document);
    const { answer, jobs } = await post(
      `dialect=${dialect}&contextBytes=${text.length}${more}`,
      text + behind,
    );
    return {
      status: answer.statusCode,
      error: answer.json().error,
      dialect: jobs[0]?.dialect.name,
    };
  };

  test('is what the file says, else that of the agent', async () => {
    expect(await ask('codex', { hooks })).toMatchObject({ status: 200, dialect: 'codex' });
    expect(await ask('codex', { dialect: 'claude-code', hooks })).toMatchObject({
      status: 200,
      dialect: 'claude-code',
    });
    const refused = await ask('codex', { dialect: 'azure', hooks });
    expect(refused).toMatchObject({
      status: 400,
      error: { code: 'INVALID_HOOKS', pointer: '/hooks/SessionStart' },
    });
    expect(refused.error.message).toContain('The azure dialect has no event "SessionStart"');
  });

  test('decides about a file that two agents could have written', async () => {
    const both = { hooks: { SessionStart: [{ hooks: [{ type: 'command', command: 'exit 0' }] }] } };
    expect(await ask('gemini-cli', both)).toMatchObject({ status: 200, dialect: 'gemini-cli' });
    expect(await ask('openhands', both)).toMatchObject({ status: 200, dialect: 'openhands' });
    expect((await ask('crush', both)).error.message).toContain(
      'name its dialect, claude-code or gemini-cli',
    );
  });

  test('and the agent of a file with several', async () => {
    const agents = `agents:
  a: { hooks: { session_start: [{ type: command, command: exit 0 }] } }
  b: { hooks: { session_start: [{ type: command, command: exit 1 }] } }
`;
    expect((await ask('docker-agent', agents)).error.message).toContain(
      'Several agents have hooks: name one of a, b',
    );
    expect(await ask('docker-agent', agents, '&agent=b')).toMatchObject({
      status: 200,
      dialect: 'docker-agent',
    });
  });

  test('of a stored set is what it or its PUT says, else that of the agent', async () => {
    const { app, jobs } = appUnderTest();
    const put = (name: string, query: string, payload: object) =>
      app.inject({ method: 'PUT', url: `/v1/hooksets/${name}${query}`, payload });
    const stop = { hooks: stopHook('exit 0') };
    const answers = [
      await put('open', '', stop),
      await put('hinted', '?dialect=openhands&tenant=default', stop),
      await put('said', '?dialect=openhands', { dialect: 'gemini-cli', hooks: { AfterAgent: [] } }),
    ];
    expect(answers.map((answer) => [answer.statusCode, answer.json().dialect])).toEqual([
      [201, 'azure'],
      [201, 'openhands'],
      [201, 'gemini-cli'],
    ]);
    expect((await put('bad', '?dialect=clippy', stop)).json().error.code).toBe('UNKNOWN_DIALECT');
    for (const name of ['open', 'hinted']) {
      const url = `/v1/hook?dialect=codex&hookset=${name}`;
      expect(
        (await app.inject({ method: 'POST', url, headers: json, payload: context })).statusCode,
      ).toBe(200);
    }
    expect(jobs.map(({ dialect }) => dialect.name)).toEqual(['codex', 'openhands']);
  });
});

test('a changed input is told whole, however the dialect of the hooks puts it together', async () => {
  const call =
    '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"rm","cwd":"/"}}';
  const ask = async (hooks: string, agent: string) => {
    const updatedInput = { command: 'ls' };
    const output = {
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'allow',
        updatedInput,
      },
    };
    const rewrite = `echo ${JSON.stringify(output)}`;
    const behind = { dialect: hooks, hooks: { PreToolUse: [{ matcher: '*', script: rewrite }] } };
    const { answer } = await post(
      `dialect=${agent}&contextBytes=${call.length}`,
      call + JSON.stringify(behind),
    );
    return answer.json().stdout;
  };
  expect(await ask('crush', 'claude-code')).toContain('"updatedInput":{"command":"ls","cwd":"/"}');
  expect(await ask('claude-code', 'claude-code')).toContain('"updatedInput":{"command":"ls"}');
  expect(await ask('claude-code', 'crush')).toMatch(
    /"decision":"deny".*Do this with another input/,
  );
});
