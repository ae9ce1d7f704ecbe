import { describe, expect, test } from 'vitest';
import { nested, pieces } from '../support/hostile/shapes.ts';
import { appUnderTest, stopContext } from './app-under-test.ts';
import { answerTo, expectRefused, kib, mib, mostMs, type Sent } from './costly-calls.ts';

const withDocument = (document: string) => JSON.stringify({ context: stopContext, document });
const tooDeep = /deeper than 64 levels/;
const tooManyTokens = /more than (100000|50000) tokens/;
const keys = (n: number) => pieces(n, (i) => `k${i}: 0\n`);
const hooks = (n: number) => pieces(n, (i) => `{"matcher":"Bash","command":"exit ${i % 2}"}`, ',');

describe('a document', () => {
  test.each<readonly [string, string, Sent]>([
    ['of 3,000 brackets', '['.repeat(3_000), [400, 'INVALID_HOOKS', tooDeep, '/document']],
    ['of 3,000 items of items', '- '.repeat(3_000), [400, 'INVALID_HOOKS', tooDeep]],
    ['of 3,000 keys of keys', '? '.repeat(3_000), [400, 'INVALID_HOOKS', tooDeep]],
    ['of 3,000 mappings', '{a: '.repeat(3_000), [400, 'INVALID_HOOKS', tooDeep]],
    ['of 20,000 arrays in TOML', `[a]\nb = ${'['.repeat(20_000)}`, [400, 'INVALID_HOOKS', tooDeep]],
    [
      'of a comment that hides brackets',
      `{/* " */ "a": ${'['.repeat(20_000)}`,
      [400, 'INVALID_HOOKS', tooDeep],
    ],
    ['of 20,000 keys', keys(20_000), [400, 'INVALID_HOOKS', tooManyTokens]],
    [
      'of 60,000 keys in TOML',
      `[a]\n${keys(60_000).replaceAll(':', ' =')}`,
      [400, 'INVALID_HOOKS', tooManyTokens],
    ],
    [
      'of 150,000 documents',
      '---\na: 1\n'.repeat(150_000),
      [400, 'INVALID_HOOKS', /more than 100 documents/],
    ],
    [
      'of 100,000 anchors',
      pieces(100_000, (i) => `- &a${i} 0\n`),
      [400, 'INVALID_HOOKS', /more than 1000 anchors/],
    ],
    [
      'of a million mistakes',
      `a: "${'\\q'.repeat(900_000)}"`,
      [400, 'INVALID_HOOKS', /Invalid escape sequence/],
    ],
    ['of more than 2 MiB', `a: ${'x'.repeat(3 * mib)}`, [413, 'TOO_LARGE', /2097152 are the most/]],
  ])('%s is refused at once', async (_, document, sent) => {
    await expectRefused(answerTo(withDocument(document)), sent);
  });

  test('nested 3,000 levels ends no server, however often and by which address it is sent', async () => {
    const deep = nested(3_000, '[');
    for (let round = 0; round < 3; round++) {
      await expectRefused(answerTo(withDocument(deep)), [400, 'INVALID_HOOKS', tooDeep]);
      await expectRefused(answerTo(`{}${deep}`, '/v1/hook?dialect=azure&contextBytes=2'), [
        400,
        'INVALID_HOOKS',
        tooDeep,
      ]);
      const put = answerTo(deep, '/v1/hooksets/deep', 'application/yaml', 'PUT');
      await expectRefused(put, [400, 'INVALID_HOOKS', tooDeep]);
    }
  });

  test.each(['/v1/hooksets/x', '/api/v2/extendedAgent/agents/x', '/api/v2/extendedAgent/hooks/x'])(
    'of 7 million brackets in JSON is refused by %s at once',
    async (url) => {
      const put = answerTo(`[${'[],'.repeat(2 * mib)}[]]`, url, 'application/json', 'PUT');
      await expectRefused(put, [413, 'TOO_LARGE', /2097152 are the most/]);
    },
  );
});

describe('hooks', () => {
  const body = (list: string, more = '') =>
    `{"context":${JSON.stringify(stopContext)},"hooks":{"PreToolUse":[${list}]}${more}}`;

  test.each<readonly [string, string, Sent]>([
    [
      '30,000 of which are wrong',
      body(pieces(30_000, () => '{"x":1}', ',')),
      [400, 'INVALID_HOOKS', tooManyTokens],
    ],
    ['20,000 of one event', body(hooks(20_000)), [400, 'INVALID_HOOKS', tooManyTokens]],
    [
      '1,001 of one event',
      body(hooks(1_001)),
      [400, 'INVALID_HOOKS', /more than 1000 hooks/, '/hooks'],
    ],
    [
      '257 of one event',
      body(hooks(257)),
      [400, 'INVALID_HOOKS', /more than 256 PreToolUse hooks/],
    ],
  ])('%s are refused at once', async (_, payload, sent) => {
    await expectRefused(answerTo(payload), sent);
  });

  test('of which 900 are wrong are told up to 20, each with its pointer, and how many more', async () => {
    const answer = await answerTo(body(pieces(900, () => '\n{"x":1}', ',')));
    const { problems } = answer.error;
    expect(problems).toHaveLength(21);
    expect(problems[2]).toMatchObject({ line: 2, pointer: '/hooks/PreToolUse/0' });
    expect(problems[20]).toMatchObject({ message: expect.stringMatching(/^and \d+ more\.$/) });
    expect(answer.ms).toBeLessThan(mostMs);
  });

  test('with 2,000 unknown keys beside a megabyte of text are told up to 20', async () => {
    const document = `{${pieces(2_000, (i) => `"k${i}":0,`)}"description":"${'x'.repeat(mib)}","hooks":{}}`;
    const payload = `{"context":{},"document":${document}}`;
    const answer = await answerTo(payload);
    expect(answer.error.problems).toHaveLength(21);
    expect(answer.error.problems[19]).toMatchObject({ pointer: '/document/k19' });
    expect(answer.ms).toBeLessThan(mostMs);
  });

  test('whose command starts a program that starts a program, 10,000 times, are read', async () => {
    const answer = await answerTo(
      body(`{"matcher":"x","command":"${'env '.repeat(10_000)}true"}`).replace(
        'PreToolUse',
        'PreToolUse',
      ),
    );
    expect(answer.ms).toBeLessThan(mostMs);
    expect([200, 400]).toContain(answer.status);
  });

  test('that all read the same large file are read once', async () => {
    const files = JSON.stringify({ 'a.sh': { content: `#!/bin/bash\n${'\n'.repeat(900 * kib)}` } });
    const list = pieces(
      250,
      (i) => `{"name":"h${i}","matcher":"x","command":"bash a.sh ${i}"}`,
      ',',
    );
    const answer = await answerTo(body(list, `,"files":${files}`));
    expect(answer.status).toBe(200);
    expect(answer.ms).toBeLessThan(4 * mostMs);
  });

  test('of several sets that match one event are refused above 256', async () => {
    const { app } = appUnderTest();
    const put = (name: string, count: number) =>
      app.inject({
        method: 'PUT',
        url: `/api/v2/extendedAgent/${name}`,
        headers: { 'content-type': 'application/yaml' },
        payload: name.startsWith('agents')
          ? `kind: ExtendedAgent\nspec:\n  hooks:\n    Stop:\n${'      - {type: command, script: exit 0}\n'.repeat(count)}`
          : 'kind: GlobalHook\neventType: Stop\nhook: {type: command, script: exit 0}\n',
      });
    for (const name of ['agents/a', 'hooks/g']) expect((await put(name, 256)).statusCode).toBe(201);
    const payload = { context: stopContext, hookset: 'a' };
    const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({
      code: 'INVALID_HOOKS',
      message: expect.stringContaining('256 are the most'),
    });
  });
});
