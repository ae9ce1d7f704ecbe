/** POST /v1/run: the facts of a run, and what is refused. */
import { expect, test } from 'vitest';
import { SandboxError, UnavailableError } from '../../src/errors.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { runAnswer } from '../../src/server/answer-schemas.ts';
import { appUnderTest } from './app-under-test.ts';

test('run answers with the facts; bytes that are no text also as base64', async () => {
  const bytes = Buffer.from([0x61, 0xff]);
  const run = {
    ...emptyRun('exited', 5),
    exitCode: 3,
    stdout: bytes,
    stdoutTotalBytes: 9,
    stderr: Buffer.from('é'),
  };
  const asked: unknown[] = [];
  const runScript = async (script: unknown) => {
    asked.push(script);
    return {
      run: { ...run, stderrTotalBytes: 2 },
      leaseMs: 1,
      ranIn: { container: 'abc', worker: 'one' },
    };
  };
  const { app } = appUnderTest({ backend: { runScript } });
  const payload = {
    script: '#!/usr/bin/env python3\n',
    stdin: 'x',
    timeoutMs: 50,
    isolation: 'job',
    tenant: 'a',
  };
  const answer = await app.inject({ method: 'POST', url: '/v1/run', payload });
  expect(runAnswer.strict().parse(answer.json())).toMatchObject({
    exitCode: 3,
    stdoutBase64: bytes.toString('base64'),
    stdoutTruncated: true,
    stderr: 'é',
    stderrTruncated: false,
    ranIn: { container: 'abc', worker: 'one' },
  });
  expect(asked).toMatchObject([
    { tenant: 'a', isolation: 'job', request: { runtime: 'python3', limits: { timeoutMs: 50 } } },
  ]);
});

test('run takes the name of a profile of the list', async () => {
  const asked: unknown[] = [];
  const runScript = async (script: unknown) => {
    asked.push(script);
    return { run: emptyRun('exited', 0), leaseMs: 1, ranIn: { container: 'c', profile: 'full' } };
  };
  const profiles = [{ name: 'small', programs: [], modules: [] }].concat([
    { name: 'tools', programs: [], modules: [] },
  ]);
  const run = async (profile: string, deps: object = {}) => {
    const { app } = appUnderTest({ backend: { runScript }, ...deps });
    const payload = { script: 'exit 0', profile };
    return app.inject({ method: 'POST', url: '/v1/run', payload });
  };
  const answer = await run('full');
  expect(runAnswer.strict().parse(answer.json())).toMatchObject({ ranIn: { profile: 'full' } });
  expect((await run('tools', { profiles })).statusCode).toBe(200);
  expect(asked).toMatchObject([{ kind: { profile: 'full' } }, { kind: { profile: 'tools' } }]);
  const refused = await run('full', { profiles });
  expect([refused.statusCode, refused.json().error]).toEqual([
    400,
    {
      code: 'PROFILE_MISSING',
      message: 'There is no profile "full" here. Known: small, tools.',
      pointer: '/profile',
    },
  ]);
  expect((await run('a b')).json().error).toMatchObject({
    code: 'INVALID_REQUEST',
    pointer: '/profile',
  });
  expect(asked).toHaveLength(2);
});

test.each([
  ['an empty script', { script: '' }, {}, 400, 'INVALID_SCRIPT', '/script'],
  ['a foreign shebang', { script: '#!/usr/bin/perl' }, {}, 400, 'INVALID_SCRIPT', '/script'],
  ['a large script', { script: `#${'x'.repeat(70_000)}` }, {}, 413, 'TOO_LARGE', '/script'],
  [
    'an unknown runtime',
    { script: 'exit 0', runtime: 'perl' },
    {},
    400,
    'INVALID_REQUEST',
    '/runtime',
  ],
  [
    'a long timeout',
    { script: 'exit 0', timeoutMs: 300_001 },
    {},
    400,
    'INVALID_REQUEST',
    '/timeoutMs',
  ],
  [
    'no engine',
    { script: 'exit 0' },
    { runScript: () => Promise.reject(new UnavailableError('ENGINE_DOWN', 'x')) },
    503,
    'ENGINE_DOWN',
    '',
  ],
  [
    'a lost sandbox',
    { script: 'exit 0' },
    { runScript: () => Promise.reject(new SandboxError('SANDBOX_LOST', 'x')) },
    503,
    'SANDBOX_LOST',
    '',
  ],
])('run with %s is refused', async (_, payload, backend, status, code, pointer) => {
  const { app } = appUnderTest({ backend });
  const answer = await app.inject({ method: 'POST', url: '/v1/run', payload });
  expect([answer.statusCode, answer.json().error]).toMatchObject([status, { code, pointer }]);
  expect(answer.headers['retry-after']).toBe(status === 503 ? '2' : undefined);
});
