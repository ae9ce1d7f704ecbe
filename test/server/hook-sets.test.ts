import { describe, expect, test } from 'vitest';
import { scriptOf } from '../../src/protocol/action.ts';
import { MemoryHookSets } from '../../src/server/memory-stores.ts';
import { storeLimits } from '../../src/server/stores.ts';
import { setContent } from '../support/stores.ts';
import { type AppUnderTest, appUnderTest, stopContext, stopHook } from './app-under-test.ts';

describe('a hook set', () => {
  test('is stored, read, changed and removed under its entity tag', async () => {
    const { app } = appUnderTest();
    const url = '/v1/hooksets/guards';
    const put = (script: string, headers = {}) =>
      app.inject({ method: 'PUT', url, headers, payload: { hooks: stopHook(script) } });
    const first = await put('exit 0', { 'if-none-match': '*' });
    expect([first.statusCode, first.json()]).toMatchObject([
      201,
      { version: 1, hookCount: 1, dialect: 'azure' },
    ]);
    expect((await put('exit 1', { 'if-none-match': '*' })).statusCode).toBe(412);
    const second = await put('exit 2', { 'if-match': String(first.headers['etag']) });
    expect([second.statusCode, second.json().version]).toEqual([200, 2]);
    expect((await put('exit 3', { 'if-match': String(first.headers['etag']) })).statusCode).toBe(
      412,
    );
    const read = await app.inject({ method: 'GET', url });
    expect([read.json(), read.headers['etag']]).toEqual([
      { hooks: stopHook('exit 2') },
      second.headers['etag'],
    ]);
    const known = await app.inject({
      method: 'GET',
      url,
      headers: { 'if-none-match': String(second.headers['etag']) },
    });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    const list = await app.inject({ method: 'GET', url: '/v1/hooksets' });
    expect(list.json().hooksets).toMatchObject([{ name: 'guards', scope: 'named', version: 2 }]);
    const wrong = await app.inject({ method: 'DELETE', url, headers: { 'if-match': '"x"' } });
    expect(wrong.statusCode).toBe(412);
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(404);
    expect((await app.inject({ method: 'GET', url })).statusCode).toBe(404);
  });

  test('of the same content gets another tag after a removal', async () => {
    const sets = new MemoryHookSets();
    const key = { tenant: 'a', scope: 'named', name: 'x' } as const;
    const content = setContent('{}');
    const first = await sets.put(key, content, {});
    await sets.delete(key, {});
    const second = await sets.put(key, content, {});
    expect(
      first.kind === 'stored' &&
        second.kind === 'stored' &&
        first.stored.etag !== second.stored.etag,
    ).toBe(true);
  });

  test('is used by its name, by its tenant only', async () => {
    const { app } = appUnderTest();
    await app.inject({
      method: 'PUT',
      url: '/v1/hooksets/guards?tenant=a',
      payload: { hooks: stopHook('exit 2') },
    });
    const ask = (tenant: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/evaluate',
        payload: { tenant, context: stopContext, hookset: 'guards' },
      });
    expect((await ask('a')).json()).toMatchObject({ decision: 'block', decidedBy: 'guard' });
    expect((await ask('b')).statusCode).toBe(404);
  });

  test.each([
    ['JSON that is none', 'application/json', 'hooks: {}', 400, ''],
    [
      'a script that does not parse',
      'application/json',
      JSON.stringify({ hooks: stopHook('SYNTAX') }),
      400,
      '/hooks/Stop/0/script',
    ],
    ['an unknown key', 'application/json', '{"hooks": {}, "hoks": 1}', 400, '/hoks'],
    ['YAML with an unknown key', 'text/yaml', 'hooks: {}\nhoks: 1', 400, '/hoks'],
    [
      'a key that comes twice',
      'application/json',
      '{"hooks": {"Stop": [], "Stop": []}}',
      400,
      '/hooks/Stop',
    ],
    ['one of several documents', 'text/yaml', 'hooks: {}\n---\nhoks: 1', 400, ''],
    [
      'a file of its own that is none',
      'application/json',
      '{"document": "hooks: {}", "files": {"x": {}}}',
      400,
      '/files/x',
    ],
    ['an empty body', 'application/yaml', '', 400, ''],
    ['nesting without end', 'application/yaml', '['.repeat(100_000), 400, ''],
    ['a form', 'application/x-www-form-urlencoded', 'hooks: {}', 415, ''],
    ['bytes that are no text', 'application/yaml', Buffer.from([0xff]), 400, ''],
  ])('%s is refused', async (_, type, payload, status, pointer) => {
    const { app } = appUnderTest();
    const answer = await app.inject({
      method: 'PUT',
      url: '/v1/hooksets/x',
      headers: { 'content-type': type },
      payload,
    });
    expect([answer.statusCode, answer.json().error.pointer]).toEqual([status, pointer]);
    expect((await app.inject({ method: 'GET', url: '/v1/hooksets' })).json()).toEqual({
      hooksets: [],
    });
  });

  test('above the limit is refused', async () => {
    const { app } = appUnderTest({ hookSets: new MemoryHookSets({ ...storeLimits, hookSets: 1 }) });
    const put = (name: string) =>
      app.inject({
        method: 'PUT',
        url: `/v1/hooksets/${name}`,
        payload: { hooks: stopHook('exit 0') },
      });
    expect([
      (await put('a')).statusCode,
      (await put('b')).statusCode,
      (await put('a')).statusCode,
    ]).toEqual([201, 507, 200]);
  });
});

describe('a hook set whose commands name files', () => {
  const files = (text: string) => ({ 'x.sh': { content: `#!/bin/bash\n${text}` } });
  const document = 'agents:\n  a: {hooks: {stop: [{type: command, command: ./x.sh}]}}\n';
  const put = (app: AppUnderTest['app'], payload: object) =>
    app.inject({ method: 'PUT', url: '/v1/hooksets/guards', payload });
  const ask = (app: AppUnderTest['app'], payload: object) =>
    app.inject({ method: 'POST', url: '/v1/evaluate', payload });

  test('is stored with them, and read as it was sent', async () => {
    const { app, jobs } = appUnderTest();
    const payload = { document, files: files('exit 2') };
    expect((await put(app, payload)).json()).toMatchObject({
      format: 'docker-agent',
      hookCount: 1,
    });
    expect((await app.inject({ method: 'GET', url: '/v1/hooksets/guards' })).json()).toEqual(
      payload,
    );
    await ask(app, { hookset: 'guards', context: { hook_event_name: 'stop' } });
    expect(jobs[0]?.hook.action.script.bundle?.files).toMatchObject([
      { path: 'x.sh', executable: true },
    ]);
  });

  test('is refused without them, by the line of its own text', async () => {
    const hooks = { Stop: [{ command: './x.sh' }] };
    const own = { document: `dialect: azure\nhooks: ${JSON.stringify(hooks)}\n`, files: {} };
    const { error } = (await put(appUnderTest().app, own)).json();
    expect(error).toMatchObject({
      code: 'INVALID_HOOKS',
      pointer: '/document',
      problems: [{ line: 2 }],
    });
    expect(error.message).toContain('needs the file ./x.sh, which is not in its files');
  });

  test('may come with the event; other files are another evaluation', async () => {
    const { app, jobs } = appUnderTest();
    const hooks = { Stop: [{ command: './x.sh' }] };
    const once = (text: string) =>
      ask(app, { evaluationId: 'e', context: stopContext, hooks, files: files(text) });
    expect((await once('exit 2')).headers['x-hookpool-repeated']).toBeUndefined();
    expect((await once('exit 2')).headers['x-hookpool-repeated']).toBe('true');
    expect((await once('exit 0')).headers['x-hookpool-repeated']).toBeUndefined();
    expect(new Set(jobs.map(({ hook }) => scriptOf(hook)?.bundle?.digest)).size).toBe(2);
  });

  test.each([
    ['an object', { Stop: [{ command: './x.sh' }] }],
    ['a text', JSON.stringify({ hooks: { Stop: [{ command: './x.sh' }] } })],
  ])('may come as a document that is %s', async (_, hooks) => {
    const { app, jobs } = appUnderTest();
    const document = typeof hooks === 'string' ? hooks : { hooks };
    expect(
      (await ask(app, { context: stopContext, document, files: files('exit 2') })).json(),
    ).not.toHaveProperty('error');
    expect(jobs[0]?.hook.action.script.bundle?.files).toHaveLength(1);
    const wrong = await ask(app, {
      context: stopContext,
      document: typeof hooks === 'string' ? 'x: 1' : {},
      files: files(''),
    });
    expect([wrong.statusCode, wrong.json().error.pointer]).toEqual([400, '/document']);
  });

  test.each([
    ['a text that is no YAML', { document: 'hooks: [' }, '/document'],
    ['a key of a document that is a text', { document: 'hooks: {}\nhoks: 1' }, '/document'],
    ['a key of one with files', { document: 'hooks: {}\nhoks: 1', files: files('') }, '/document'],
    ['a path beside one', { document: 'hooks: {}', files: { '/x': { content: '' } } }, '/files'],
    ['a key of an object', { document: { hooks: {}, hoks: 1 } }, '/document/hoks'],
    [
      'an object nested too deep',
      { document: { hooks: JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`) } },
      '/document',
    ],
    [
      'hooks nested too deep',
      { hooks: { Stop: JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`) } },
      '/hooks',
    ],
  ])('are refused where they stand: %s', async (_, payload, pointer) => {
    const { error } = (await ask(appUnderTest().app, { context: stopContext, ...payload })).json();
    expect([error.code, error.pointer, error.problems[0].pointer]).toEqual([
      'INVALID_HOOKS',
      pointer,
      pointer,
    ]);
  });

  test.each([
    [{ hookset: 'guards', files: files('') }, 'INVALID_REQUEST', '/files'],
    [{ hooks: {}, files: { x: {} } }, 'INVALID_REQUEST', '/files/x'],
    [{ hooks: {}, files: { '/x': { content: '' } } }, 'INVALID_HOOKS', '/files'],
    [
      { hooks: { Stop: [{ command: './y.sh' }] }, files: files('') },
      'INVALID_HOOKS',
      '/hooks/Stop/0/command',
    ],
    [{ hooks: { Stop: [{ command: './x.sh' }] } }, 'INVALID_HOOKS', '/hooks/Stop/0/command'],
  ])('%j is refused', async (payload, code, pointer) => {
    const answer = await ask(appUnderTest().app, { context: stopContext, ...payload });
    expect([answer.statusCode, answer.json().error]).toMatchObject([400, { code, pointer }]);
  });
});
