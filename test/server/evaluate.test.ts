import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { maxTranscriptBytes } from '../../src/protocol/run.ts';
import { decisionAnswer } from '../../src/server/answer-schemas.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const json = { 'content-type': 'application/json' };

test.each([
  ['exit 0', 'none', {}],
  ['exit 2', 'block', {}],
  ['exit 1', 'block', { failMode: 'block' }],
  ['exit 1', 'none', { failMode: 'allow' }],
])('%s is %s with %j, and the answer is 200', async (script, decision, more) => {
  const { app } = appUnderTest();
  const payload = { context: stopContext, hooks: stopHook(script, more), verbose: true };
  const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect(answer.statusCode).toBe(200);
  expect(decisionAnswer.parse(answer.json())).toMatchObject({
    v: 1,
    event: 'Stop',
    results: [{ hook: 'guard' }],
  });
  expect(['none', 'allow']).toContain(decision === 'block' ? 'none' : answer.json().decision);
  if (decision === 'block') expect(answer.json().decision).toBe('block');
});

test('facts come when they are asked for', async () => {
  const { app } = appUnderTest();
  const payload = { context: stopContext, hooks: stopHook('exit 2') };
  const short = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  const long = await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    payload: { ...payload, verbose: true },
  });
  expect(short.json().results[0]).not.toHaveProperty('facts');
  expect(long.json().results[0].facts).toMatchObject({ exitCode: 2, stderrHead: 'because' });
});

describe('the context reaches the script byte for byte', () => {
  const text =
    '{ "hook_event_name":"Stop",\t"n": 12345678901234567890.10, "é\\u00e9" :"}],{\\"",  "hooks": [1] }';

  test('as an object', async () => {
    const { app, jobs } = appUnderTest();
    const body = `{"hooks": ${JSON.stringify(stopHook('exit 0'))}, "context" :\n ${text} , "verbose":false}`;
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      headers: json,
      payload: body,
    });
    expect(answer.statusCode).toBe(200);
    expect(Buffer.from(jobs[0]?.context ?? []).toString()).toBe(text);
  });

  test('as a string', async () => {
    const { app, jobs } = appUnderTest();
    await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { context: text, hooks: stopHook('exit 0') },
    });
    expect(Buffer.from(jobs[0]?.context ?? []).toString()).toBe(text);
  });
});

const good = { context: stopContext, hooks: stopHook('exit 0') };

test('a document is a hooks file of any format, as an object or as text, with the dialect and the agent that it leaves open', async () => {
  const settings = { hooks: { Stop: [{ hooks: [{ type: 'command', command: 'exit 2' }] }] } };
  const agents =
    'agents: { a: { hooks: { stop: [{ type: command, command: exit 2 }] } }, b: { hooks: { stop: [] } } }';
  const { app, jobs } = appUnderTest();
  const ask = (more: object) =>
    app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { context: { hook_event_name: 'Stop' }, ...more },
    });
  const documents = [
    { document: settings },
    { document: settings, dialect: 'codex' },
    { document: JSON.stringify(settings), dialect: 'openhands' },
    { document: 'hooks: { Stop: [{ command: exit 2 }] }', dialect: 'codex' },
    { document: agents, agent: 'a' },
  ];
  for (const one of documents) expect((await ask(one)).statusCode, JSON.stringify(one)).toBe(200);
  expect(jobs.map(({ dialect }) => dialect.name)).toEqual([
    'claude-code',
    'codex',
    'openhands',
    'codex',
    'docker-agent',
  ]);
});

test('a stored set that says no dialect is of the one that the caller names, another one is not', async () => {
  const { app, jobs } = appUnderTest();
  const put = (name: string, more: object) =>
    app.inject({
      method: 'PUT',
      url: `/v1/hooksets/${name}`,
      payload: { ...more, hooks: stopHook('exit 0') },
    });
  await put('open', {});
  await put('said', { dialect: 'claude-code' });
  const ask = (hookset: string, more: object) =>
    app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { context: stopContext, hookset, ...more },
    });
  expect((await ask('open', {})).statusCode).toBe(200);
  expect((await ask('open', { dialect: 'codex' })).statusCode).toBe(200);
  expect((await ask('said', { dialect: 'codex' })).json().error).toMatchObject({
    pointer: '/dialect',
    message: 'The hooks are of the claude-code dialect, not of codex.',
  });
  expect(jobs.map(({ dialect }) => dialect.name)).toEqual(['azure', 'codex']);
});

test('a context above its own limit is 413 at /context', async () => {
  const { app } = appUnderTest({ bodyLimitBytes: 32 << 20 });
  const context = `{"hook_event_name":"Stop","a":"${'x'.repeat(9 << 20)}"}`;
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    payload: { context, hooks: stopHook('exit 0') },
  });
  expect([answer.statusCode, answer.json().error]).toMatchObject([
    413,
    { code: 'TOO_LARGE', pointer: '/context' },
  ]);
});

test('a transcript above its own limit is 413 at /transcript', async () => {
  const { app } = appUnderTest({ bodyLimitBytes: 32 << 20 });
  const payload = { ...good, transcript: 'x'.repeat(maxTranscriptBytes + 1) };
  const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect([answer.statusCode, answer.json().error]).toMatchObject([
    413,
    { code: 'TOO_LARGE', pointer: '/transcript' },
  ]);
});

test('another content type is 415', async () => {
  const { app } = appUnderTest();
  const headers = { 'content-type': 'text/plain' };
  expect(
    (await app.inject({ method: 'POST', url: '/v1/evaluate', headers, payload: '{}' })).statusCode,
  ).toBe(415);
  const yaml = { 'content-type': 'application/yaml' };
  expect(
    (
      await app.inject({
        method: 'POST',
        url: '/v1/evaluate',
        headers: yaml,
        payload: 'context: {}',
      })
    ).statusCode,
  ).toBe(415);
});

test('with nobody to check the scripts there is a decision all the same', async () => {
  const checkScript = () => Promise.reject(new UnavailableError('ENGINE_DOWN', 'No engine.'));
  const { app } = appUnderTest({ backend: { checkScript } });
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    payload: { ...good, hooks: stopHook('exit 2') },
  });
  expect([answer.statusCode, answer.json().decision]).toEqual([200, 'block']);
});

test('a check that hangs does not hold up the answer', async () => {
  const { app } = appUnderTest({ backend: { checkScript: () => new Promise(() => undefined) } });
  const payload = { ...good, hooks: stopHook('exit 2'), deadlineMs: 200 };
  const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect([answer.statusCode, answer.json().decision]).toEqual([200, 'block']);
});

test('the scripts of equal hooks are checked once', async () => {
  let checks = 0;
  const checkScript = async () => void checks++ as undefined;
  const { app } = appUnderTest({ backend: { checkScript } });
  for (let call = 0; call < 3; call++)
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: good });
  expect(checks).toBe(1);
});
