/** What POST /v1/evaluate refuses, with its code and place. */
import { expect, test } from 'vitest';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const json = { 'content-type': 'application/json' };

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
