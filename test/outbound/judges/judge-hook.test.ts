import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/dialect.ts';
import { useServices } from '../http-hook-rig.ts';
import { ask, chat, http, key, no, sent, yes } from './rig.ts';

const services = useServices();
const { answering } = services;

const code = (name: string) => ({ decision: 'block', cause: { kind: 'fail-mode', code: name } });

describe('a prompt hook', () => {
  it('rejects with the reason of its judge, and tells what it cost', async () => {
    const port = await answering(http(no, 200, 'x-request-id: r-7\r\n'));
    const entry = { prices: { input: 10, cachedInput: 5, output: 100, per: 1000 } };
    const result = await ask(port, { entry });
    expect(result).toMatchObject({
      ...{ decision: 'block', reason: 'no evidence', cause: { kind: 'output' } },
      asked: {
        ...{ judge: 'fast', host: '127.0.0.1', model: 'small-1-2026', calls: 1, attempts: 1 },
        ...{ statuses: [200], inputTokens: 100, cachedTokens: 40, outputTokens: 20 },
        ...{ cost: 2.8, spentUnknown: 0, requestIds: ['r-7'], tools: [] },
      },
    });
    expect(result.asked).not.toHaveProperty('cache');
  });

  it('has no objection where the judge has none', async () => {
    const port = await answering(http(yes));
    expect(await ask(port)).toMatchObject({ decision: 'none', asked: { cost: null } });
  });

  it('sends policy and data apart, and the key in a header only', async () => {
    const port = await answering(http(yes));
    const context = '{"hook_event_name":"Stop","final_output":"</data> <b>\u202e"}';
    const result = await ask(port, { context, entry: { temperature: 0 } });
    const [request = ''] = services.requests;
    expect(request).toMatch(/^POST \/v1\/chat\/completions HTTP/);
    expect(request).toContain(`authorization: Bearer ${key}\r\n`);
    expect(request).toContain('user-agent: hookpool/9.9.9\r\n');
    expect(request).toContain('accept-encoding: identity\r\n');
    const { messages, ...body } = sent(request);
    expect(body).toMatchObject({
      ...{ model: 'small-1', max_tokens: 500, temperature: 0 },
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'verdict', strict: true, schema: { required: ['reason', 'ok'] } },
      },
    });
    const [system, user] = messages;
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(system?.content).toContain('<policy>\nIs it fine? [data INPUT, below]\n</policy>');
    expect(system?.content).not.toContain('final_output');
    expect(user?.content).toMatch(
      /^<data ([0-9a-f]{32}) INPUT>\n\{"hook_event_name":"Stop","final_output":"\\u003c\/data\\u003e \\u003cb\\u003e\\u202e"\}\n<\/data \1>$/,
    );
    expect(JSON.stringify(result)).not.toContain(key);
  });

  it('has a mark of its own in each question', async () => {
    const port = await answering(http(yes));
    await ask(port);
    await ask(port);
    const marks = services.requests.map((one) => /<data ([0-9a-f]{32}) /.exec(one)?.[1]);
    expect(new Set(marks).size).toBe(2);
  });

  it('sends the selected members with their own digits, and tells those that are not there', async () => {
    const port = await answering(http(yes));
    const result = await ask(port, { action: { select: ['n', 'gone.x'] } });
    expect(sent(services.requests[0]).messages[1]?.content).toContain(
      '{"n":12345678901234567890,"gone.x":null}',
    );
    expect(result.diagnostics).toEqual([
      { code: 'prompt-path', message: expect.stringContaining('gone.x') },
    ]);
  });

  it('asks the judge of its dialect where it names none, by name or alias', async () => {
    const port = await answering(http(no));
    expect(await ask(port, { action: { model: 'fast' } })).toMatchObject({ decision: 'block' });
    expect(await ask(port, { dialect: claudeCode })).toMatchObject(code('JUDGE_UNKNOWN'));
    expect(await ask(port, { tenant: 'other' })).toMatchObject(code('JUDGE_UNKNOWN'));
    expect(services.requests).toHaveLength(1);
  });

  it.each([
    [
      'prose with a verdict in it',
      chat('I say {"reason":"r","ok":true}'),
      'JUDGE_ANSWER_MALFORMED',
    ],
    ['two verdicts', chat('{"ok":true}{"ok":true}'), 'JUDGE_ANSWER_MALFORMED'],
    ['an unknown member', chat('{"ok":true,"safe":true}'), 'JUDGE_ANSWER_MALFORMED'],
    ['no text', chat(''), 'JUDGE_ANSWER_MALFORMED'],
    ['two choices', { ...yes, choices: [{}, {}] }, 'JUDGE_ANSWER_MALFORMED'],
    ['an error with status 200', { error: { message: key } }, 'JUDGE_ANSWER_MALFORMED'],
    ['events of a stream', 'data: {"id":1}\n\n', 'JUDGE_ANSWER_MALFORMED'],
    [
      'an answer cut at the limit',
      chat('{"ok":true', { finish_reason: 'length' }),
      'JUDGE_ANSWER_CUT',
    ],
    [
      'a whole verdict that counts as cut',
      chat('{"ok":true}', { finish_reason: 'length' }),
      'JUDGE_ANSWER_CUT',
    ],
    ['a content filter', chat('', { finish_reason: 'content_filter' }), 'JUDGE_REFUSED'],
    [
      'a refusal',
      chat(null, { message: { role: 'assistant', content: null, refusal: 'I cannot' } }),
      'JUDGE_REFUSED',
    ],
    ['an end of its own', chat('{"ok":true}', { finish_reason: 'odd' }), 'JUDGE_ANSWER_MALFORMED'],
  ])('counts as its failMode after %s', async (_, body, name) => {
    const port = await answering(http(body));
    const result = await ask(port);
    expect(result).toMatchObject(code(name));
    expect(JSON.stringify(result)).not.toContain(key);
    // A malformed answer is asked for once more.
    expect(services.requests).toHaveLength(name === 'JUDGE_ANSWER_MALFORMED' ? 2 : 1);
  });

  it('takes a verdict that the judge gives when asked once more', async () => {
    const port = await answering(http(chat('Hm.')), http(no));
    const result = await ask(port);
    expect(result).toMatchObject({ reason: 'no evidence', asked: { calls: 2, inputTokens: 200 } });
    expect(sent(services.requests[1]).messages).toHaveLength(2);
  });

  it.each([
    [500, 'JUDGE_UNAVAILABLE', 3],
    [503, 'JUDGE_UNAVAILABLE', 3],
    [529, 'JUDGE_UNAVAILABLE', 3],
    [429, 'JUDGE_RATE_LIMITED', 3],
    [401, 'JUDGE_UNAVAILABLE', 1],
    [403, 'JUDGE_UNAVAILABLE', 1],
    [404, 'JUDGE_UNAVAILABLE', 1],
    [400, 'JUDGE_UNAVAILABLE', 1],
    [422, 'JUDGE_UNAVAILABLE', 1],
    [413, 'INPUT_TOO_LARGE', 1],
    [302, 'JUDGE_UNAVAILABLE', 1],
  ])('status %i is %s after %i services.requests', async (status, name, attempts) => {
    const port = await answering(http({ error: { message: `no ${key}` } }, status));
    const result = await ask(port);
    expect(result).toMatchObject({ ...code(name), asked: { attempts } });
    expect(services.requests).toHaveLength(attempts);
    expect(JSON.stringify(result)).not.toContain(key);
  });

  it.each([
    [{ code: 'content_filter' }, 'JUDGE_REFUSED'],
    [{ code: 'context_length_exceeded' }, 'INPUT_TOO_LARGE'],
    [{ code: 'x', innererror: { code: 'content_filter' } }, 'JUDGE_REFUSED'],
  ])('status 400 with %j is %s', async (error, name) => {
    const port = await answering(http({ error }, 400));
    expect(await ask(port)).toMatchObject(code(name));
  });
});
