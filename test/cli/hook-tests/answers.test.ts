import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Recordings } from '../../../src/cli/hook-tests/recordings.ts';
import { chat, key, newFolder, realServer, run, testCase } from './answers-rig.ts';

const no = chat({ reason: 'no evidence', ok: false });
const yes = chat({ reason: 'fine', ok: true });

function filesIn(folder: string): Record<string, string> {
  const answers = path.join(folder, 'answers');
  const names = readdirSync(answers).toSorted();
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(path.join(answers, name), 'utf8')]),
  );
}

const httpHook = (port: number) =>
  `{type: http, url: 'http://127.0.0.1:${port}/v1/check?code=q-secret', failMode: block,
    headers: {authorization: 'Bearer \${secret:policy}', x-own: own-header-value},
    payload: {at: '\${timestamp}', said: '\${final_output}'}, verdict: {block: /flagged, reason: /why}}`;

describe('a judge', () => {
  it('is asked once with record, and its answer is replayed without it ever since', async () => {
    const folder = newFolder();
    const { real, seen } = await realServer(() => no);
    const one = testCase(folder);
    expect(await run([one], { ...real, mode: 'record' })).toMatchObject([{ outcome: 'passed' }]);
    const replayed = await run([one], {});
    expect(replayed).toMatchObject([{ outcome: 'passed', decision: { reason: 'no evidence' } }]);
    expect(await run([one], { mode: 'replay', recordings: new Recordings() })).toMatchObject([
      { outcome: 'passed' },
    ]);
    expect(seen).toHaveLength(1);
  });

  it('leaves no key, no header, no address and no mark of its question in the files', async () => {
    const folder = newFolder();
    const { real, port } = await realServer(() => no);
    await run([testCase(folder)], { ...real, mode: 'record' });
    const files = filesIn(folder);
    const [answer = ''] = Object.keys(files);
    expect(Object.keys(files)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}\.json$/),
      'judges.json',
    ]);
    expect(JSON.parse(files[answer] ?? '')).toEqual({
      ...{ v: 1, asked: 'fast', answers: [{ status: 200, json: no }] },
    });
    const all = JSON.stringify(files);
    for (const hidden of [key, 'Bearer', String(port), '127.0.0.1'])
      expect(all).not.toContain(hidden);
  });

  it('without a recorded answer fails the case with the command that records it', async () => {
    const folder = newFolder();
    const one = testCase(folder, { name: "it's new" });
    const [result] = await run([one], {});
    expect(result).toMatchObject({ outcome: 'failed', decision: { decision: 'block' } });
    expect(result?.message).toContain(
      `hookpool test ${path.join(folder, 'h.hooktest.yaml')} --record --only 'it'\\''s new'`,
    );
  });

  it('is another one to whoever asks with another policy, context or model', async () => {
    const folder = newFolder();
    const { real } = await realServer(() => no);
    await run([testCase(folder)], { ...real, mode: 'record' });
    const context = Buffer.from('{"hook_event_name":"Stop","final_output":"other"}');
    const known = testCase(folder);
    const others = [
      testCase(folder, { hooks: '{type: prompt, model: fast, prompt: q, failMode: block}' }),
      testCase(folder, { hooks: '{type: prompt, model: real, prompt: p, failMode: block}' }),
      { ...known, request: { ...known.request, context } },
    ];
    const results = await run(others, {});
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
  });

  it('that answers nonsense first has both answers recorded, in their order', async () => {
    const folder = newFolder();
    const { real } = await realServer((_, asked) => (asked === 0 ? chat(['?']) : no));
    const one = testCase(folder);
    expect(await run([one], { ...real, mode: 'record' })).toMatchObject([{ outcome: 'passed' }]);
    const [file] = Object.values(filesIn(folder));
    expect(JSON.parse(file ?? '')).toMatchObject({
      answers: [{ json: chat(['?']) }, { json: no }],
    });
    expect(await run([one], {})).toMatchObject([
      { outcome: 'passed', decision: { results: [{ asked: { calls: 2 } }] } },
    ]);
  });

  it.each([401, 403, 404])(
    'that answers %i is in error, and nothing is recorded',
    async (status) => {
      const folder = newFolder();
      const { real } = await realServer(() => status);
      const one = testCase(folder, { hooks: '{type: prompt, model: fast, prompt: p}' });
      expect(await run([one], { ...real, mode: 'record' })).toMatchObject([{ outcome: 'error' }]);
      expect(Object.keys(filesIn(folder))).toEqual(['judges.json']);
    },
  );

  it('that repeats its key fails the case, and nothing is recorded', async () => {
    const folder = newFolder();
    const { real } = await realServer(() => chat({ reason: `your key is ${key}`, ok: false }));
    const [result] = await run([testCase(folder)], { ...real, mode: 'record' });
    expect(result).toMatchObject({ outcome: 'failed', message: expect.stringContaining('key') });
    expect(Object.keys(filesIn(folder))).toEqual(['judges.json']);
  });

  it('that the case plans is asked in no mode', async () => {
    const folder = newFolder();
    const { real, seen } = await realServer(() => yes);
    const one = testCase(folder, { judges: { fast: { says: { ok: false, reason: 'planned' } } } });
    for (const mode of ['record', 'live', 'replay'] as const)
      expect(await run([one], { ...real, mode })).toMatchObject([{ outcome: 'passed' }]);
    expect(seen).toEqual([]);
  });

  it('of two cases with one question is asked once, and both have its answer', async () => {
    const folder = newFolder();
    const { real, seen } = await realServer((_, asked) => (asked === 0 ? no : yes));
    const two = [testCase(folder), testCase(folder, { name: 'two' })];
    const recorded = await run(two, { ...real, mode: 'record' });
    expect(recorded.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    expect(seen).toHaveLength(1);
  });

  it('has no answer in a file that is none: the case fails, and the file is named', async () => {
    const folder = newFolder();
    const { real } = await realServer(() => no);
    await run([testCase(folder)], { ...real, mode: 'record' });
    const [name = ''] = Object.keys(filesIn(folder));
    const file = path.join(folder, 'answers', name);
    writeFileSync(file, '{"v":2}');
    expect(await run([testCase(folder)], {})).toMatchObject([
      { outcome: 'failed', message: expect.stringContaining(`${file} is no recorded answer`) },
    ]);
  });
});

describe('a service', () => {
  it('is asked once with record; its answer is replayed, without secret, header and query', async () => {
    const folder = newFolder();
    const { real, port, seen } = await realServer(() => ({ flagged: true, why: 'no' }));
    const one = testCase(folder, { hooks: httpHook(port) });
    expect(await run([one], { ...real, mode: 'record' })).toMatchObject([{ outcome: 'passed' }]);
    const files = filesIn(folder);
    expect(Object.values(files).map((file) => JSON.parse(file))).toEqual([
      {
        ...{ v: 1, asked: '127.0.0.1', trusted: true },
        answers: [{ status: 200, json: { flagged: true, why: 'no' } }],
      },
    ]);
    for (const hidden of [key, 'own-header-value', 'q-secret'])
      expect(JSON.stringify(files)).not.toContain(hidden);
    expect(await run([one], {})).toMatchObject([{ outcome: 'passed' }]);
    expect(seen).toHaveLength(1);
  });

  it('of cases that run at once is asked once, and by the next case where it failed', async () => {
    const folder = newFolder();
    const { real, port, seen } = await realServer((_, asked) =>
      asked === 0 ? 503 : { flagged: asked === 1, why: 'no' },
    );
    const cases = ['one', 'two', 'three', 'four'].map((name) =>
      testCase(folder, { name, hooks: httpHook(port) }),
    );
    const recorded = await run(cases, { ...real, mode: 'record' }, { concurrency: 4 });
    const reasons = recorded.map(({ decision }) => decision?.reason);
    expect(reasons.filter((reason) => reason === 'no')).toHaveLength(3);
    expect(seen).toHaveLength(2);
  });

  it('without a recorded answer fails the case with the command that records it', async () => {
    const one = testCase(newFolder(), { hooks: httpHook(1) });
    expect(await run([one], {})).toMatchObject([
      { outcome: 'failed', message: expect.stringMatching(/127\.0\.0\.1.*--record --only one/) },
    ]);
  });

  it.each([
    ['as it is', key],
    ['escaped', key.replaceAll('-', '\\u002d')],
  ])('that repeats its secret %s fails the case, and nothing is recorded', async (_, repeated) => {
    const folder = newFolder();
    const body = `{"flagged":false,"key":"${repeated}"}`;
    const { real, port } = await realServer(() => body);
    const one = testCase(folder, { hooks: httpHook(port) });
    expect(await run([one], { ...real, mode: 'record' })).toMatchObject([{ outcome: 'failed' }]);
    expect(() => filesIn(folder)).toThrow('ENOENT');
  });

  it.each([
    ['bytes that are no text', Buffer.from([0xff, 0xfe])],
    ['JSON that is not compact', Buffer.from('{ "flagged": true, "flagged": false }')],
    ['a text', Buffer.from('no')],
  ])('is replayed byte for byte: %s', async (_, body) => {
    const file = path.join(newFolder(), 'h.hooktest.yaml');
    const recordings = new Recordings();
    await recordings.keep(
      file,
      'k',
      { asked: 'a' },
      { status: 200, body, retryAfter: undefined },
      0,
    );
    const kept = await new Recordings().read(file, 'k');
    const { answerAt } = await import('../../../src/cli/hook-tests/recordings.ts');
    expect(Buffer.from(answerAt(kept as never, 3).body)).toEqual(body);
  });
});
