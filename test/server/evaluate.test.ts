import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { Decision } from '../../src/protocol/decision.ts';
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
test.each([
  ['no body at all', undefined, 415, 'UNSUPPORTED_MEDIA_TYPE', ''],
  ['text that is no JSON', '{', 400, 'INVALID_BODY', ''],
  ['an array', '[]', 400, 'INVALID_BODY', ''],
  [
    'a context that is there twice',
    '{"context":{},"hooks":{},"\\u0063ontext":{}}',
    400,
    'INVALID_BODY',
    '/context',
  ],
  [
    'deep nesting',
    `{"context":{"a":${'['.repeat(700)}${']'.repeat(700)}}}`,
    400,
    'INVALID_BODY',
    '',
  ],
  ['an unknown key', { ...good, 'a/b': 1 }, 400, 'INVALID_REQUEST', '/a~1b'],
  ['no context', { hooks: {} }, 400, 'INVALID_REQUEST', '/context'],
  ['a context that is a number', { ...good, context: 1 }, 400, 'INVALID_REQUEST', '/context'],
  [
    'a context string that is no JSON',
    { ...good, context: 'x' },
    400,
    'INVALID_CONTEXT',
    '/context',
  ],
  [
    'half of a surrogate pair',
    { ...good, context: '{"a":"\ud800"}' },
    400,
    'INVALID_REQUEST',
    '/context',
  ],
  ['neither hooks nor hookset', { context: {} }, 400, 'INVALID_REQUEST', ''],
  ['both', { ...good, hookset: 'x' }, 400, 'INVALID_REQUEST', '/hookset'],
  ['hooks and a document', { ...good, document: {} }, 400, 'INVALID_REQUEST', '/hookset'],
  ['an agent without a document', { ...good, agent: 'a' }, 400, 'INVALID_REQUEST', '/agent'],
  [
    'a document without hooks',
    { context: stopContext, document: {} },
    400,
    'INVALID_HOOKS',
    '/document',
  ],
  [
    'a bad key in a document',
    { context: stopContext, document: { hooks: stopHook('exit 0', { nope: 1 }) } },
    400,
    'INVALID_HOOKS',
    '/document/hooks/Stop/0/nope',
  ],
  [
    'a bad key in the text of a document',
    { context: stopContext, document: JSON.stringify({ hooks: stopHook('exit 0', { nope: 1 }) }) },
    400,
    'INVALID_HOOKS',
    '/document',
  ],
  [
    'half of a surrogate pair in a document',
    { context: stopContext, document: 'hooks: {} # \ud800' },
    400,
    'INVALID_REQUEST',
    '/document',
  ],
  [
    'a document of another dialect',
    { context: stopContext, dialect: 'codex', document: { dialect: 'azure', hooks: {} } },
    400,
    'INVALID_REQUEST',
    '/dialect',
  ],
  ['an unknown hook set', { context: stopContext, hookset: 'x' }, 404, 'NOT_FOUND', '/hookset'],
  ['an unknown dialect', { ...good, dialect: 'x' }, 400, 'UNKNOWN_DIALECT', '/dialect'],
  ['an unknown event', { ...good, event: 'x' }, 400, 'INVALID_EVENT', '/event'],
  ['an event that the context denies', { ...good, event: 'Start' }, 400, 'INVALID_EVENT', '/event'],
  [
    'a context of an unknown event',
    { ...good, event: 'Stop', context: { hook_event_name: 'x' } },
    400,
    'INVALID_EVENT',
    '/context',
  ],
  ['no event', { ...good, context: {} }, 400, 'INVALID_EVENT', '/context'],
  ['a deadline of 0', { ...good, deadlineMs: 0 }, 400, 'INVALID_REQUEST', '/deadlineMs'],
  ['a tenant that is no name', { ...good, tenant: '../x' }, 400, 'INVALID_REQUEST', '/tenant'],
  [
    'a hook key that is not known',
    { ...good, hooks: stopHook('exit 0', { nope: 1 }) },
    400,
    'INVALID_HOOKS',
    '/hooks/Stop/0/nope',
  ],
  [
    'an unknown event of hooks',
    { ...good, hooks: { Stopp: [] } },
    400,
    'INVALID_HOOKS',
    '/hooks/Stopp',
  ],
  [
    'a hook that times out too early',
    { ...good, hooks: stopHook('exit 0', { timeout: 0.5 }) },
    400,
    'INVALID_HOOKS',
    '/hooks/Stop/0/timeout',
  ],
  [
    'a script that does not parse',
    { ...good, hooks: stopHook('SYNTAX') },
    400,
    'INVALID_HOOKS',
    '/hooks/Stop/0/script',
  ],
  [
    'a transcript that is a number',
    { ...good, transcript: 1 },
    400,
    'INVALID_REQUEST',
    '/transcript',
  ],
  ['a body above the limit', { ...good, context: ' '.repeat(1 << 20) }, 413, 'TOO_LARGE', ''],
])('%s is refused', async (_, payload, status, code, pointer) => {
  const { app, jobs } = appUnderTest();
  const headers = payload === undefined ? {} : json;
  const text =
    typeof payload === 'string' || payload === undefined ? payload : JSON.stringify(payload);
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    headers,
    ...(text === undefined ? {} : { payload: text }),
  });
  expect([answer.statusCode, answer.json().error.code, answer.json().error.pointer]).toEqual([
    status,
    code,
    pointer,
  ]);
  expect(jobs).toEqual([]);
});

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

describe('an evaluationId', () => {
  const ask = { ...good, evaluationId: 'one', hooks: stopHook('exit 2') };

  test('asked twice, one after another or at once, runs once', async () => {
    const { app, jobs } = appUnderTest();
    const call = () => app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    const answers = [...(await Promise.all([call(), call()])), await call()];
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect(
      answers.filter((answer) => answer.headers['x-hookpool-repeated'] === 'true').length,
    ).toBe(2);
    expect(jobs.length).toBe(1);
  });

  test('for something else is another evaluation: tool calls have one id before and after', async () => {
    const { app, jobs } = appUnderTest();
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { ...ask, hooks: stopHook('exit 0') },
    });
    expect([answer.json().decision, jobs.length]).toEqual(['none', 2]);
  });

  test('is looked up in the record that servers share', async () => {
    const asked: string[] = [];
    const record = {
      find: async ({ evaluationId }: { evaluationId: string }) =>
        void asked.push(evaluationId) as undefined,
      claim: async (_: unknown, decision: Decision) => ({
        ...decision,
        reason: 'of another server',
      }),
    };
    const { app } = appUnderTest({ backend: { record } });
    const first = await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    const { evaluationId: _, ...unnamed } = ask;
    const second = await app.inject({ method: 'POST', url: '/v1/evaluate', payload: unnamed });
    expect([first.json().reason, second.json().reason, asked.length]).toEqual([
      'of another server',
      'because',
      1,
    ]);
  });

  test('is for that record another one when other hooks are asked', async () => {
    const asked = new Set<string>();
    const record = {
      find: async ({ evaluationId }: { evaluationId: string }) =>
        void asked.add(evaluationId) as undefined,
      claim: async (_: unknown, decision: Decision) => decision,
    };
    const call = (script: string) => {
      // A server each, so that only the record could tell.
      const { app } = appUnderTest({ backend: { record } });
      return app.inject({
        method: 'POST',
        url: '/v1/evaluate',
        payload: { ...ask, hooks: stopHook(script) },
      });
    };
    for (const script of ['exit 2', 'exit 0', 'exit 2']) await call(script);
    expect(asked.size).toBe(2);
  });

  test('of another tenant is another evaluation', async () => {
    const { app, jobs } = appUnderTest();
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: { ...ask, tenant: 'a' } });
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: { ...ask, tenant: 'b' } });
    expect(jobs.map((job) => job.tenant)).toEqual(['a', 'b']);
  });
});

test('more than maxInFlight are told to come back', async () => {
  let free: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    free = resolve;
  });
  const run = async () => held.then(() => Promise.reject(new Error('over')));
  const { app } = appUnderTest({ maxInFlight: 1, backend: { run } });
  const payload = { ...good, hooks: stopHook('exit 0', { failMode: 'block' }) };
  // inject() begins when somebody waits for it.
  const first = app
    .inject({ method: 'POST', url: '/v1/evaluate', payload })
    .then((answer) => answer);
  const second = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect([second.statusCode, second.json().error.code, second.headers['retry-after']]).toEqual([
    503,
    'OVERLOADED',
    '2',
  ]);
  free();
  expect((await first).json()).toMatchObject({ decision: 'block', cause: { code: 'INTERNAL' } });
  const third = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect(third.statusCode).toBe(200);
});
