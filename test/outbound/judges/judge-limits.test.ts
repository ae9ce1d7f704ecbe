import { describe, expect, it } from 'vitest';
import { useServices } from '../http-hook-rig.ts';
import { ask, chat, hooksAt, http, key, no, yes } from './rig.ts';

const services = useServices();
const { answering } = services;

const code = (name: string) => ({ decision: 'block', cause: { kind: 'fail-mode', code: name } });

describe('a question to a judge', () => {
  it('waits as long as the judge says, and not where no time is left for an answer', async () => {
    const port = await answering(http('{}', 429, 'retry-after-ms: 1\r\n'), http(no));
    expect(await ask(port)).toMatchObject({
      reason: 'no evidence',
      asked: { statuses: [429, 200] },
    });
    const far = await answering(http('{}', 429, 'retry-after: 60\r\n'));
    const started = performance.now();
    expect(await ask(far)).toMatchObject(code('JUDGE_RATE_LIMITED'));
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('is not asked again for a while after its key was refused', async () => {
    const port = await answering(http('{}', 401));
    const rests: unknown[] = [];
    const options = { onRest: (...rest: unknown[]) => rests.push(rest) };
    const hooks = hooksAt(port, { options });
    await ask(port, {}, hooks);
    expect(await ask(port, {}, hooks)).toMatchObject({
      ...code('JUDGE_UNAVAILABLE'),
      asked: { attempts: 0 },
    });
    expect(rests).toEqual([['fast', 30_000, 'status 401']]);
  });

  it.each([403, 404, 500])(
    'that is answered with %d takes no judge from others',
    async (status) => {
      const port = await answering(...Array(5).fill(http('{}', status)), http(no));
      const rests: unknown[] = [];
      const options = { onRest: (...rest: unknown[]) => rests.push(rest) };
      const hooks = hooksAt(port, { options, entry: { tenants: ['*'] } });
      // An event has three attempts where the failure may pass, and the fifth of all begins the rest.
      const events = status === 500 ? 2 : 5;
      for (let n = 0; n < events; n++) await ask(port, { tenant: 'a' }, hooks);
      expect(rests).toEqual([['fast', 1_000, `status ${status}, for tenant a`]]);
      expect(await ask(port, { tenant: 'a' }, hooks)).toMatchObject({
        ...code('JUDGE_UNAVAILABLE'),
        asked: { attempts: 0 },
      });
      expect(await ask(port, { tenant: 'b' }, hooks)).toMatchObject({
        asked: { attempts: 1 },
      });
    },
  );

  it('ends at its timeout with the connection, whatever the judge sends', async () => {
    const port = await services.servers.serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n');
      const drip = setInterval(() => socket.write(' '), 5);
      socket.on('close', () => clearInterval(drip));
    });
    const started = performance.now();
    const result = await ask(port, { hook: { timeoutMs: 100 } });
    expect(result).toMatchObject({ ...code('HOOK_TIMED_OUT'), asked: { spentUnknown: 1 } });
    expect(performance.now() - started).toBeLessThan(1_000);
    await services.servers.allGone();
  });

  it.each([['the caller gives up', 'HOOK_CANCELLED']])('is cancelled where %s', async (_, name) => {
    const port = await services.servers.serve(() => {});
    const stop = new AbortController();
    const running = ask(port, { signal: stop.signal });
    stop.abort(new Error('gone'));
    expect(await running).toMatchObject(code(name));
  });

  it.each([
    ['nobody listens', () => Promise.resolve(1), 'JUDGE_UNAVAILABLE'],
    [
      'it resets',
      () => services.servers.serve((one) => one.resetAndDestroy()),
      'JUDGE_UNAVAILABLE',
    ],
    [
      'it sends gzip',
      () => answering(http(no, 200, 'content-encoding: gzip\r\n')),
      'JUDGE_ANSWER_MALFORMED',
    ],
    ['it never ends', () => answering(http('x'.repeat(5_000))), 'JUDGE_ANSWER_MALFORMED'],
    [
      'it is no UTF-8',
      () =>
        services.servers.answers(
          Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"\xff\xfe"', 'latin1'),
        ),
      'JUDGE_ANSWER_MALFORMED',
    ],
  ])('counts as its failMode where %s', async (_, open, name) => {
    const port = await open();
    expect(await ask(port, { entry: { answerBytes: 2_048 } })).toMatchObject(code(name));
  });

  it.each([
    ['its reason', () => chat(JSON.stringify({ ok: false, reason: `Bearer ${key}` }))],
    ['the name of its model', () => ({ ...yes, model: key })],
    ['what nobody reads', () => ({ ...yes, headers: [`Bearer ${key}`] })],
    ['escapes', () => ({ ...yes, x: '' })],
  ])('has no verdict where the answer repeats the key in %s', async (where, body) => {
    const text = JSON.stringify(body());
    const hidden = `"x":"${key.replace('p', '\\u0070')}"`;
    const port = await answering(http(where === 'escapes' ? text.replace('"x":""', hidden) : text));
    const result = await ask(port);
    expect(result).toMatchObject(code('JUDGE_ANSWER_MALFORMED'));
    expect(JSON.stringify(result)).not.toContain(key);
  });

  it('has the name of its model as it can be shown', async () => {
    const model = `m\u202e\u0000${'x'.repeat(5_000)}`;
    const { asked } = await ask(await answering(http({ ...yes, model })));
    const shown = (asked as { readonly model: string }).model;
    expect(shown).toMatch(/^m\\u202e\\u0000x+$/);
    expect(shown.length).toBe(200);
  });

  it('sends nothing to an address that the operator has not opened', async () => {
    const port = await answering(http(no));
    const entry = { private: ['10.0.0.0/8'] };
    expect(await ask(port, { entry })).toMatchObject(code('TARGET_NOT_ALLOWED'));
    expect(services.servers.connections).toBe(0);
  });

  it('sends nothing where the question is too long, and cuts nothing', async () => {
    const port = await answering(http(no));
    const context = `{"x":"${'a'.repeat(3_000)}"}`;
    expect(await ask(port, { context, entry: { inputBytes: 3_000 } })).toMatchObject(
      code('INPUT_TOO_LARGE'),
    );
    expect(services.servers.connections).toBe(0);
  });

  it('asks on where nobody counts in time', async () => {
    const port = await answering(http(no));
    const spending = { reserve: () => new Promise<never>(() => {}), add: () => {} };
    expect(await ask(port, { options: { spending } })).toMatchObject({ reason: 'no evidence' });
  });

  it('keeps a verdict where the hook says so, for equal questions only', async () => {
    const port = await answering(http(no));
    const hooks = hooksAt(port);
    const action = { cache: { seconds: 60, of: ['n'] } };
    const first = await ask(port, { action }, hooks);
    const second = await ask(port, { action, context: '{"n":12345678901234567890,"x":1}' }, hooks);
    expect([first.asked, second.asked]).toMatchObject([
      { cache: 'miss' },
      { cache: 'hit', calls: 0 },
    ]);
    expect(second).toMatchObject({ decision: 'block', reason: 'no evidence' });
    await ask(port, { action, context: '{"n":12345678901234567891}' }, hooks);
    await ask(port, { action: { ...action, prompt: 'Other? $ARGUMENTS' } }, hooks);
    expect(services.requests).toHaveLength(3);
  });

  it('keeps no verdict for an event that lacks a member by which it is kept', async () => {
    const port = await answering(http(yes));
    const hooks = hooksAt(port);
    const action = { cache: { seconds: 60, of: ['tool_input.command'] } };
    for (const file of ['README.md', '.env']) {
      const context = JSON.stringify({ tool_name: 'Write', tool_input: { file_path: file } });
      const { asked } = await ask(port, { action, context }, hooks);
      expect(asked).toMatchObject({ calls: 1 });
    }
    expect(services.requests).toHaveLength(2);
  });

  it('asks once for equal questions at the same time', async () => {
    const port = await answering(http(no));
    const hooks = hooksAt(port);
    const action = { cache: { seconds: 60 } };
    const all = await Promise.all([1, 2, 3].map(() => ask(port, { action }, hooks)));
    expect(all.map(({ decision }) => decision)).toEqual(['block', 'block', 'block']);
    expect(services.requests).toHaveLength(1);
  });

  it('keeps no failure', async () => {
    const port = await answering(http('{}', 400), http(no));
    const hooks = hooksAt(port);
    const action = { cache: { seconds: 60 } };
    await ask(port, { action }, hooks);
    expect(await ask(port, { action }, hooks)).toMatchObject({ reason: 'no evidence' });
  });

  it('is one of at most 64 of its tenant at once', async () => {
    const stop = new AbortController();
    const port = await services.servers.serve(() => {});
    const hooks = hooksAt(port, { entry: { atOnce: 256 } });
    const asked = () => ask(port, { signal: stop.signal }, hooks);
    const running = Array.from({ length: 64 }, asked);
    expect(await asked()).toMatchObject(code('OVERLOADED'));
    stop.abort(new Error('gone'));
    const ends = await Promise.all(running);
    expect(ends).toMatchObject(Array(64).fill(code('HOOK_CANCELLED')));
    expect(await asked()).toMatchObject(code('HOOK_CANCELLED'));
  });

  it('has at most half of the places of its judge for one tenant', async () => {
    let open = 0;
    let most = 0;
    const port = await services.servers.serve((socket) =>
      socket.once('data', () => {
        most = Math.max(most, ++open);
        setTimeout(() => {
          open--;
          socket.end(http(no));
        }, 5);
      }),
    );
    const hooks = hooksAt(port, { entry: { atOnce: 4 } });
    const all = await Promise.all(Array.from({ length: 6 }, () => ask(port, {}, hooks)));
    expect(all.every(({ reason }) => reason === 'no evidence')).toBe(true);
    expect(most).toBe(2);
  });
});
