// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { key, ok, run, status, useServices } from './http-hook-rig.ts';

const services = useServices();
const { answering } = services;

describe('an http hook', () => {
  it('sends the context byte for byte, with headers of its own', async () => {
    const port = await answering(ok('{"decision":"block","reason":"no"}'));
    const result = await run(port, { headers: { Authorization: 'Bearer ${secret:key}' } });
    expect(result).toMatchObject({
      ...{ decision: 'block', reason: 'no', cause: { kind: 'output' } },
      asked: { host: '127.0.0.1', port, path: '/check', status: 200, attempts: 1 },
    });
    const [request = ''] = services.requests;
    expect(request).toMatch(/^POST \/check\?q=/);
    expect(request).toContain('\r\n\r\n{"tool_name":"Bash","n":12345678901234567890}');
    for (const header of [
      `authorization: Bearer ${key}`,
      'user-agent: hookpool/9.9.9',
      'accept-encoding: identity',
      'content-type: application/json',
    ])
      expect(request).toContain(header);
    expect(request).toMatch(/idempotency-key: [0-9a-f]{64}\r\n/);
    expect(JSON.stringify(result)).not.toContain(key);
  });

  it('sends its payload, and tells what the context does not have', async () => {
    const port = await answering(ok(''));
    const payload = { tool: '${tool_name}', n: '${n}', gone: '${gone}' };
    const result = await run(port, { payload });
    expect(services.requests[0]).toContain(
      '\r\n\r\n{"tool":"Bash","n":12345678901234567890,"gone":null}',
    );
    expect(result.diagnostics).toEqual([
      { code: 'payload-path', message: expect.stringContaining('gone') },
    ]);
    expect(result.decision).toBe('none');
  });

  it('signs its request as Standard Webhooks say', async () => {
    const port = await answering(ok(''));
    await run(port, { sign: 'key' });
    const header = (name: string) =>
      new RegExp(`${name}: (.*)\r\n`).exec(services.requests[0] ?? '')?.[1];
    const body = services.requests[0]?.split('\r\n\r\n')[1];
    const [id, at] = [header('webhook-id'), header('webhook-timestamp')];
    const mac = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
    expect(header('webhook-signature')).toBe(`v1,${mac}`);
    expect(Math.abs(Date.now() / 1000 - Number(at))).toBeLessThan(10);
  });

  it('reads a verdict at its pointers, and an answer without one is no consent', async () => {
    const port = await answering(ok('{"flagged":true,"why":"w"}'), ok('{}'), ok(''));
    const verdict = { block: '/flagged', reason: '/why' };
    expect(await run(port, { verdict })).toMatchObject({ decision: 'block', reason: 'w' });
    for (const _ of ['{}', ''])
      expect(await run(port, { verdict })).toMatchObject({
        decision: 'block',
        cause: { kind: 'fail-mode', code: 'HTTP_BODY' },
      });
  });

  it('takes a status for what the hook says it means, without another attempt', async () => {
    const port = await answering(status(403), status(429));
    const statuses = { 403: 'block', 429: 'ask' } as const;
    const more = { retries: 3, statuses };
    expect(await run(port, more)).toMatchObject({ decision: 'block', reason: 'no' });
    expect(await run(port, more)).toMatchObject({ decision: 'ask', asked: { attempts: 1 } });
  });

  it.each([
    [status(500), 'HTTP_STATUS', 'answered 500'],
    [status(302, 'Location: http://127.0.0.1/\r\n'), 'HTTP_STATUS', 'redirects are not followed'],
    [status(401), 'HTTP_STATUS', 'answered 401'],
    [ok('fine'), 'HTTP_BODY', ''],
    [ok(`{"key":"${key}"}`), 'HTTP_BODY', 'repeats a secret'],
    ['HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n', 'HTTP_BODY', 'encoded'],
  ])('counts as its failMode after %j', async (answer, code, text) => {
    const port = await answering(answer);
    const headers = { 'X-Key': '${secret:key}' };
    const result = await run(port, { headers });
    expect(result).toMatchObject({ decision: 'block', cause: { kind: 'fail-mode', code } });
    expect(JSON.stringify(result.cause)).toContain(text);
    expect(JSON.stringify({ ...result, facts: null })).not.toContain(key);
  });

  it.each([
    ['another tenant', {}, 'other', 'TARGET_NOT_ALLOWED'],
    [
      'a secret of another host',
      { headers: { a: '${secret:elsewhere}' } },
      'acme',
      'SECRET_MISSING',
    ],
    ['a secret that is not there', { sign: 'none' }, 'acme', 'SECRET_MISSING'],
    ['a payload above the limit', { payload: 'x'.repeat(5000) }, 'acme', 'INPUT_TOO_LARGE'],
  ])('sends nothing for %s', async (_, over, tenant, code) => {
    const port = await answering(ok(''));
    const result = await run(port, over, {}, { tenant });
    expect(result).toMatchObject({ decision: 'block', cause: { code } });
    expect(services.servers.connections).toBe(0);
    expect(JSON.stringify(result)).not.toContain(key);
  });

  it('sends no secret over http, but to a trusted target', async () => {
    const port = await answering(ok(''));
    const headers = { 'X-Key': '${secret:key}' };
    const result = await run(port, { headers }, {}, { trusted: false });
    expect(result).toMatchObject({ cause: { code: 'SECRET_MISSING' } });
    expect(services.servers.connections).toBe(0);
  });

  it('gets no approval over http, but from a trusted target', async () => {
    const permit = '{"hookSpecificOutput":{"permissionDecision":"allow"}}';
    const port = await answering(ok(permit));
    expect(await run(port, {}, {}, { trusted: true })).toMatchObject({ decision: 'allow' });
    const result = await run(port, {}, {}, { trusted: false });
    expect(result).toMatchObject({ decision: 'none', diagnostics: [{ code: 'not-trusted' }] });
    expect(result).not.toHaveProperty('overridesPolicy');
  });
});
