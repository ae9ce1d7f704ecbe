// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { describe, expect, it } from 'vitest';
import { httpActionOf } from '../../src/files/http-hook.ts';
import { actionKey } from '../../src/protocol/action.ts';
import { Content } from '../../src/protocol/content.ts';
import { parseRequestUrl, requestUrlText } from '../../src/protocol/request-url.ts';
import { parseOutboundMessage, toOutboundMessage } from '../../src/wire/outbound-message.ts';
import { bytes } from '../protocol/samples.ts';
import { type HttpHookChanges, httpHook, httpJob } from '../support/http-job.ts';

const envelope = {
  ...{ evaluationId: 'e-1', attempt: 1, at: '2026-11-30T12:00:00.000Z', budgetMs: 1_000 },
};
const sent = (over: HttpHookChanges = {}) =>
  toOutboundMessage(httpJob({ hook: httpHook(over) }), envelope);
const message = () => structuredClone(sent());
const read = (data: unknown) => parseOutboundMessage(JSON.parse(JSON.stringify(data)));
const invalid = expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_JOB' });

const action = {
  ...{ headers: { 'X-Key': 'Bearer ${secret:k}' }, sign: 'signer', retries: 2 },
  payload: { path: '${tool_input.file_path}', deep: [{ n: 1 }, null, true] },
  verdict: { block: '/flagged', allow: { at: '/result', equals: { a: [1] } }, reason: '/detail' },
  statuses: { '403': 'block' },
} as const;

describe('an http job', () => {
  it('arrives as it was sent, byte for byte, with what judges its answer', () => {
    const context = bytes('\ufeff{"n": 9007199254740993, "é": "\u{1f600}"}\r\n');
    const settings = {
      ...{ failModeIsDefault: true, strictOutput: true, ignoreToolErrors: true, quiet: true },
      async: true,
      shadow: true,
    };
    const hook = httpHook({ ...settings, action });
    const out = toOutboundMessage(httpJob({ hook, context, tenant: 'b' }), {
      ...envelope,
      priority: 'urgent',
    });
    const { job, message: back } = read(out);
    expect(back).toEqual(out);
    expect(job).toMatchObject({ tenant: 'b', dialect: { name: 'azure' } });
    expect(Buffer.from(job.context).equals(context)).toBe(true);
    const { name, event, tier, timeoutMs, failMode } = hook;
    expect(job.hook).toMatchObject({ name, event, tier, timeoutMs, failMode, ...settings });
    expect(job.hook.action).toEqual(hook.action);
    expect(job.hook.matches('anything')).toBe(true);
  });

  it('has the same idempotency key as in one process', () => {
    const { statuses: status, ...same } = action;
    for (const keys of [{ ...same, status }, {}]) {
      const inFile = httpActionOf({ url: 'https://policy.test/v1/check?k=v', ...keys } as never);
      const { job } = read(sent({ action: inFile ?? expect.unreachable() }));
      expect(actionKey(job.hook.action)).toBe(actionKey(inFile ?? expect.unreachable()));
    }
  });

  it('says nothing of what its hook has not', () => {
    const keys = Object.keys(JSON.parse(JSON.stringify(message().hook)));
    expect(keys.toSorted()).toEqual(
      ['event', 'failMode', 'headers', 'name', 'retries', 'tier', 'timeoutMs', 'url'].toSorted(),
    );
    expect(Object.keys(message())).not.toContain('priority');
  });

  it('has the text of its own context, also where it carries the content of another one', () => {
    const job = httpJob({ content: new Content(bytes('{"a":2}')) });
    expect(toOutboundMessage(job, envelope).context).toBe('{"tool_name":"Bash"}');
  });

  it('whose context is no UTF-8 cannot be sent', () => {
    const job = httpJob({ context: new Uint8Array([0xff]) });
    expect(() => toOutboundMessage(job, envelope)).toThrow(invalid);
  });

  it.each([
    'https://policy.test/v1/check?k=v&l=%20',
    'http://[::1]:8080/a%2Fb?',
    'https://a.test',
    'http://a.test.:81/x',
  ])('%s is read as the address that it was', (text) => {
    const url = parseRequestUrl(text);
    expect(parseRequestUrl(requestUrlText(url))).toEqual(url);
  });
});

const deep = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;

describe('an outbound message', () => {
  const hook = (over: object) => ({ ...message(), hook: { ...message().hook, ...over } });
  it.each([
    ['nothing', undefined, 'message'],
    ['a text', 'x', 'message'],
    ['another version', { ...message(), v: 2 }, 'v'],
    ['another kind', { ...message(), kind: 'mail' }, 'kind'],
    ['no kind', { ...message(), kind: undefined }, 'kind'],
    ['an unknown field', { ...message(), extra: 1 }, 'extra'],
    ['a script', hook({ source: 'exit 0' }), 'source'],
    ['a transcript, which no target gets', { ...message(), transcript: '' }, 'transcript'],
    ['a third attempt', { ...message(), attempt: 3 }, 'attempt'],
    ['a time that is none', { ...message(), at: 'now' }, 'at'],
    ['no time', { ...message(), budgetMs: 0 }, 'budgetMs'],
    ['a tenant with a slash', { ...message(), tenant: 'a/b' }, 'tenant'],
    ['an unknown dialect', { ...message(), dialect: 'nope' }, 'dialect'],
    ['an unknown event', hook({ event: 'Nope' }), 'event'],
    ['a timeout of 301 s', hook({ timeoutMs: 301_000 }), '300000'],
    ['a URL that is none', hook({ url: 'policy' }), 'hook.url'],
    ['a URL with a password', hook({ url: 'https://u:planted@a.test/' }), 'hook.url'],
    ['another protocol', hook({ url: 'file:///etc/passwd' }), 'hook.url'],
    ['a header that HTTP sets', hook({ headers: { Host: 'planted' } }), 'hook.headers'],
    ['two lines in a header', hook({ headers: { 'X-A': 'planted\r\nX-B: 1' } }), 'hook.headers'],
    ['a context in a header', hook({ headers: { 'X-A': '${planted}' } }), 'hook.headers'],
    ['a secret in the payload', hook({ payload: '${secret:planted}' }), 'hook.payload'],
    ['a payload of 64 KiB', hook({ payload: 'x'.repeat(64 << 10) }), 'hook.payload'],
    ['a payload of 69 levels', hook({ payload: deep(67) }), 'levels'],
    ['a payload that overflows a stack', hook({ payload: deep(100_000) }), 'levels'],
    ['a pointer that is none', hook({ verdict: { block: 'flagged' } }), 'verdict'],
    ['a status that is none', hook({ statuses: { '999': 'block' } }), 'statuses'],
    ['a name of a secret that is none', hook({ sign: 'a b' }), 'sign'],
    ['four retries', hook({ retries: 4 }), 'retries'],
    ['half a surrogate pair in the context', { ...message(), context: '\udc00' }, 'surrogate'],
    ['a context that is too long', { ...message(), context: 'é'.repeat((4 << 20) + 1) }, '8388608'],
  ])('with %s is refused, naming it and quoting nothing', (_, data, text) => {
    expect(() => parseOutboundMessage(data)).toThrow(invalid);
    expect(() => parseOutboundMessage(data)).toThrow(text);
    expect(() => parseOutboundMessage(data)).toThrow(/^((?!planted).)*$/s);
  });

  it('whose hook breaks in a way of our own is not blamed on its sender', () => {
    const bug = new TypeError('x');
    const broken = { ...message() };
    Object.defineProperty(broken, 'context', {
      enumerable: true,
      get: () => {
        throw bug;
      },
    });
    expect(() => parseOutboundMessage(broken)).toThrow(bug);
  });
});
