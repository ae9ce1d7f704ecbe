/** What a stored hooks file of an agent leaves open: hooks that cannot run, and their failMode. */
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../src/server/deps.ts';
import { type AppUnderTest, appUnderTest, stopContext } from './app-under-test.ts';

const claude = (commands: readonly string[]) => ({
  hooks: { Stop: [{ hooks: commands.map((command) => ({ type: 'command', command })) }] },
});
const url = '/v1/hooksets/guards';

function put({ app }: AppUnderTest, query: string, payload: object) {
  return app.inject({ method: 'PUT', url: `${url}?dialect=claude-code${query}`, payload });
}

function ask({ app }: AppUnderTest) {
  const payload = { context: stopContext, hookset: 'guards' };
  return app.inject({ method: 'POST', url: '/v1/evaluate', payload });
}

test('a hook that cannot run is stored with a warning, and counts as its failMode', async () => {
  const under = appUnderTest();
  const stored = await put(under, '', claude(['npx prettier']));
  expect([stored.statusCode, stored.json()]).toMatchObject([
    201,
    {
      hookCount: 1,
      warnings: [{ line: 1, message: expect.stringContaining('npx is not in the sandbox') }],
    },
  ]);
  expect((await ask(under)).json()).toMatchObject({
    decision: 'none',
    results: [{ cause: { kind: 'fail-mode', code: 'HOOK_UNSUPPORTED' }, decision: 'none' }],
  });
});

test('an answer has 20 warnings at most, and the count of the others', async () => {
  const stored = await put(appUnderTest(), '', claude(Array(25).fill('npx prettier')));
  const { warnings } = stored.json();
  expect([warnings.length, warnings[20].message]).toEqual([21, 'and 5 more.']);
});

test('the failMode of the request is kept with the set, and shown', async () => {
  const under = appUnderTest();
  const stored = await put(under, '&failMode=block', claude(['npx prettier']));
  expect(stored.json()).toMatchObject({ failMode: 'block' });
  expect((await ask(under)).json()).toMatchObject({
    decision: 'block',
    results: [{ cause: { code: 'HOOK_UNSUPPORTED' } }],
  });
  const list = await under.app.inject({ method: 'GET', url: '/v1/hooksets' });
  expect(list.json().hooksets).toMatchObject([{ name: 'guards', failMode: 'block' }]);
  // The same text without the failMode is another set, though its hash is the same.
  expect((await put(under, '', claude(['npx prettier']))).json()).not.toHaveProperty('failMode');
  expect((await ask(under)).json()).toMatchObject({ decision: 'none' });
});

test('what a set was stored with is read with it, so that its next version can have it too', async () => {
  const under = appUnderTest();
  const url = '/v1/hooksets/guards';
  await put(under, '&failMode=block', claude(['exit 0']));
  const first = await under.app.inject({ method: 'GET', url });
  expect(first.headers['x-hookpool-query']).toBe('dialect=claude-code&failMode=block');
  const payload = first.json();
  const next = `${url}?${first.headers['x-hookpool-query']}`;
  expect((await under.app.inject({ method: 'PUT', url: next, payload })).json()).toMatchObject({
    dialect: 'claude-code',
    failMode: 'block',
  });
  await under.app.inject({ method: 'PUT', url, payload: { hooks: {} } });
  const plain = await under.app.inject({ method: 'GET', url });
  expect(plain.headers).not.toHaveProperty('x-hookpool-query');
});

test('a bare script is refused with the form in which it can be sent', async () => {
  const { app } = appUnderTest();
  const answer = await app.inject({
    method: 'PUT',
    url: '/v1/hooksets/x',
    headers: { 'content-type': 'text/x-shellscript' },
    payload: '#!/bin/bash\nexit 2\n',
  });
  expect(answer.json().error).toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: expect.stringContaining('of a script file send what hookpool bundle prints.'),
  });
});

test('a failMode that is none is refused', async () => {
  expect((await put(appUnderTest(), '&failMode=open', claude(['exit 0']))).statusCode).toBe(400);
});

test('the failMode of a bundled document counts, whatever the request says', async () => {
  const under = appUnderTest();
  const document = JSON.stringify(claude(['npx prettier']));
  await put(under, '&failMode=allow', { document, files: {}, failMode: 'block' });
  expect((await ask(under)).json()).toMatchObject({ decision: 'block' });
});

describe('a hook that needs a judge or a target', () => {
  const file = {
    hooks: {
      Stop: [
        {
          hooks: [
            { type: 'prompt', prompt: 'p', model: 'fast' },
            { type: 'http', url: 'https://a.test/x' },
          ],
        },
      ],
    },
  };
  const warned = async (knownOutbound?: Backend['knownOutbound']) => {
    const under = appUnderTest({ backend: { knownOutbound } });
    const stored = await put(under, '&tenant=acme', file);
    expect(stored.statusCode).toBe(201);
    return (stored.json().warnings ?? []).map(({ message }: { message: string }) => message);
  };

  test('is stored with a general warning where nothing is known', async () => {
    const general = [/operator has configured its judge/, /operator has configured a target/];
    for (const known of [undefined, () => undefined])
      expect(await warned(known)).toEqual(general.map((one) => expect.stringMatching(one)));
  });

  test('is stored without one where the tenant has it, and with the reason where not', async () => {
    const asked: unknown[] = [];
    const warnings = await warned(({ action, dialect }, tenant) => {
      asked.push([action.kind, dialect.name, tenant]);
      return action.kind === 'http' ? {} : { why: 'No outbound worker has it.' };
    });
    expect(warnings).toEqual([
      expect.stringMatching(/^No outbound worker has it\. Else it counts as its failMode, \w+\.$/),
    ]);
    expect(asked).toEqual([
      ['prompt', 'claude-code', 'acme'],
      ['http', 'claude-code', 'acme'],
    ]);
  });
});
