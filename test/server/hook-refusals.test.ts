/** What POST /v1/hook refuses. */
import { describe, expect, test } from 'vitest';
import { appUnderTest } from './app-under-test.ts';
import { context, file, json, post } from './hook-calls.ts';

describe('refused is', () => {
  const sized = `contextBytes=${Buffer.byteLength(context)}`;
  test.each([
    ['no dialect', sized, context + file('exit 0'), 400, 'INVALID_REQUEST'],
    [
      'an unknown dialect',
      `dialect=clippy&${sized}`,
      context + file('exit 0'),
      400,
      'UNKNOWN_DIALECT',
    ],
    ['an unknown parameter', `dialect=codex&hookset=a&x=1`, '{}', 400, 'INVALID_REQUEST'],
    ['neither set nor file', 'dialect=codex', '{}', 400, 'INVALID_REQUEST'],
    ['both', `dialect=codex&hookset=a&${sized}`, context, 400, 'INVALID_REQUEST'],
    ['no file behind the context', `dialect=codex&${sized}`, context, 400, 'INVALID_REQUEST'],
    [
      'a file that is no hooks file',
      `dialect=codex&${sized}`,
      `${context}{"hooks":{"Stopp":[]}}`,
      400,
      'INVALID_HOOKS',
    ],
    ['an agent for a stored set', 'dialect=codex&hookset=a&agent=b', '{}', 400, 'INVALID_REQUEST'],
    ['an unknown set', 'dialect=codex&hookset=nope', context, 404, 'NOT_FOUND'],
    [
      'a context that is no JSON',
      'dialect=codex&contextBytes=1',
      `x${file('exit 0')}`,
      400,
      'INVALID_CONTEXT',
    ],
    [
      'a deadline that is no number',
      'dialect=codex&hookset=a&deadlineMs=soon',
      '{}',
      400,
      'INVALID_REQUEST',
    ],
    ['a deadline of 0', 'dialect=codex&hookset=a&deadlineMs=0', '{}', 400, 'INVALID_REQUEST'],
    ['a body above the limit', 'dialect=codex&hookset=a', ' '.repeat(2 << 20), 413, 'TOO_LARGE'],
  ])('%s', async (_, query, payload, status, code) => {
    const { answer, jobs } = await post(query, payload);
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
    expect(jobs).toEqual([]);
  });

  test('what a page in a browser could send', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect(
        (await post('dialect=codex&hookset=a', '{}', { 'content-type': type })).answer.statusCode,
      ).toBe(415);
    }
    const { app } = appUnderTest();
    expect(
      (await app.inject({ method: 'POST', url: '/v1/hook?dialect=codex&hookset=a' })).statusCode,
    ).toBe(415);
  });
});

test('a caller without a token is refused', async () => {
  const tokens = [
    { sha256: Buffer.alloc(32), tenant: 'a', role: 'evaluate', urgent: false },
  ] as const;
  const { app } = appUnderTest({ tokens });
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/hook?dialect=codex&hookset=a',
    headers: json,
    payload: '{}',
  });
  expect(answer.statusCode).toBe(401);
});
