import { describe, expect, it } from 'vitest';
import { createBundle } from '../../src/protocol/bundle.ts';
import { Content } from '../../src/protocol/content.ts';
import { parseJobMessage, toJobMessage } from '../../src/wire/job-message.ts';
import { bytes, sampleHook } from '../protocol/samples.ts';
import { sampleJob } from '../support/queue-job.ts';
import { packOf } from '../support/state-packs.ts';

const envelope = { evaluationId: 'e-1', attempt: 1, budgetMs: 1_000 };
const message = () =>
  structuredClone(toJobMessage(sampleJob(), envelope)) as ReturnType<typeof toJobMessage>;
const invalid = expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_JOB' });

describe('a job', () => {
  it('arrives as it was sent, byte for byte', () => {
    const context = bytes('\ufeff{"n": 9007199254740993, "é": "\\ud800 \u{1f600}"}\r\n');
    const job = sampleJob({
      context,
      transcript: bytes('turn 1\n'),
      tenant: 'team-a',
      isolation: 'job',
    });
    const sent = toJobMessage(job, { ...envelope, priority: 'urgent' });
    const { job: back, message: read } = parseJobMessage(JSON.parse(JSON.stringify(sent)));
    expect(read).toEqual(sent);
    expect(back).toMatchObject({ dialect: job.dialect, tenant: 'team-a', isolation: 'job' });
    expect(Buffer.from(back.context).equals(context)).toBe(true);
    expect(Buffer.from(back.transcript ?? []).toString()).toBe('turn 1\n');
    const { name, event, tier, action, timeoutMs, failMode } = job.hook;
    expect(back.hook).toMatchObject({
      name,
      event,
      tier,
      action,
      timeoutMs,
      failMode,
      activation: 'always',
    });
    expect(back.hook.matches('anything')).toBe(true);
  });

  it('has the state of its hook, also an empty one, and says nothing of none', () => {
    for (const state of [packOf([{ path: 'n', content: '1' }]), new Uint8Array(0)]) {
      const sent = toJobMessage(sampleJob({ state }), envelope);
      const { job } = parseJobMessage(JSON.parse(JSON.stringify(sent)));
      expect(job.state && Buffer.from(job.state)).toEqual(Buffer.from(state));
    }
    expect(message()).not.toHaveProperty('stateBase64');
    expect(parseJobMessage(message()).job).not.toHaveProperty('state');
    expect(() => parseJobMessage({ ...message(), stateBase64: 'AAAA' })).toThrow(invalid);
  });

  it('says when its worker was lost under an earlier attempt, and nothing of it otherwise', () => {
    const sent = toJobMessage(sampleJob(), { ...envelope, attempt: 2, apart: true });
    expect(parseJobMessage(JSON.parse(JSON.stringify(sent))).message.apart).toBe(true);
    for (const apart of [false, undefined])
      expect(toJobMessage(sampleJob(), { ...envelope, apart })).not.toHaveProperty('apart');
  });

  it('names the profile of its sandbox where the hook has one', () => {
    const sent = toJobMessage(sampleJob({ hook: sampleHook({ profile: 'full' }) }), envelope);
    expect(sent.hook.profile).toBe('full');
    expect(parseJobMessage(JSON.parse(JSON.stringify(sent))).job.hook.profile).toBe('full');
    expect(message().hook).not.toHaveProperty('profile');
  });

  it('has what decides about its output', () => {
    const settings = {
      failModeIsDefault: true,
      strictOutput: true,
      ignoreToolErrors: true,
      quiet: true,
      lacks: ['git is not in the sandbox.'],
      lacksOfProject: ['x.txt does not go along.'],
    };
    const sent = toJobMessage(sampleJob({ hook: sampleHook(settings) }), envelope);
    expect(parseJobMessage(JSON.parse(JSON.stringify(sent))).job.hook).toMatchObject(settings);
  });

  it('has the folder in which the agent works, unless no file system has such a path', () => {
    const arrived = (cwd: string | undefined) =>
      parseJobMessage(JSON.parse(JSON.stringify(toJobMessage(sampleJob({ cwd }), envelope)))).job
        .cwd;
    expect(arrived('/src/app')).toBe('/src/app');
    expect(arrived(undefined)).toBeUndefined();
    expect(arrived('/'.repeat(4_096))).toBeUndefined();
  });

  it('has the first 20 of the sentences about what its sandbox lacks, each cut to 1,000 characters', () => {
    const lacks = Array.from({ length: 30 }, () => 'x'.repeat(2_000));
    const sent = toJobMessage(sampleJob({ hook: sampleHook({ lacks }) }), envelope);
    const { lacks: arrived } = parseJobMessage(JSON.parse(JSON.stringify(sent))).job.hook;
    expect(arrived).toEqual(Array(20).fill('x'.repeat(1_000)));
  });

  it('has the files of its script, and says nothing of none', () => {
    const bundle = createBundle([
      { path: 'x.sh', executable: true, content: Buffer.from('exit 2') },
    ]);
    const sent = toJobMessage(
      sampleJob({ hook: sampleHook({ script: { runtime: 'bash', source: './x.sh', bundle } }) }),
      envelope,
    );
    expect(parseJobMessage(JSON.parse(JSON.stringify(sent))).job.hook.action.script).toEqual({
      runtime: 'bash',
      source: './x.sh',
      bundle,
    });
    expect(JSON.stringify(message())).not.toContain('bundle');
    const bad = {
      ...sent,
      hook: { ...sent.hook, bundle: [{ path: '../x', executable: true, contentBase64: '' }] },
    };
    expect(() => parseJobMessage(bad)).toThrow(invalid);
  });

  it('has the text of its own context, also where it carries the content of another one', () => {
    const context = bytes('{"a":1}');
    const sent = (of: Uint8Array) =>
      toJobMessage(sampleJob({ context, content: new Content(of) }), envelope).context;
    expect([sent(context), sent(bytes('{"a":2}'))]).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('says nothing of a transcript or a priority that it does not have', () => {
    expect(Object.keys(message())).not.toContain('transcript');
    expect(Object.keys(message())).not.toContain('priority');
    expect(parseJobMessage(message()).job.transcript).toBeUndefined();
  });

  it.each([
    ['whose context is no UTF-8', { context: new Uint8Array([0xff]) }],
    ['whose transcript is no UTF-8', { transcript: new Uint8Array([0xc0, 0x80]) }],
  ])('%s cannot be sent', (_, over) => {
    expect(() => toJobMessage(sampleJob(over), envelope)).toThrow(invalid);
  });
});

describe('a message', () => {
  const hook = (over: object) => ({ ...message(), hook: { ...message().hook, ...over } });
  it.each([
    ['nothing', undefined, 'message'],
    ['a text', 'x', 'message'],
    ['another version', { ...message(), v: 2 }, 'v'],
    ['an unknown field', { ...message(), extra: 1 }, 'extra'],
    ['a third attempt', { ...message(), attempt: 3 }, 'attempt'],
    ['an unknown dialect', { ...message(), dialect: 'nope' }, 'dialect'],
    ['an unknown event', hook({ event: 'Nope' }), 'event'],
    ['an unknown runtime', hook({ runtime: 'ruby' }), 'runtime'],
    ['an empty script', hook({ source: '' }), 'source'],
    ['a script with NUL', hook({ source: 'a\0b' }), 'NUL'],
    ['a script that is too large', hook({ source: 'x'.repeat((64 << 10) + 1) }), '65536'],
    ['half a surrogate pair in the script', hook({ source: '\ud800' }), 'surrogate'],
    ['a timeout of 301 s', hook({ timeoutMs: 301_000 }), '300000'],
    ['a tenant with a slash', { ...message(), tenant: 'a/b' }, 'tenant'],
    ['no time', { ...message(), budgetMs: 0 }, 'budgetMs'],
    ['a context that is too long', { ...message(), context: 'x'.repeat((8 << 20) + 1) }, 'context'],
    [
      'a context with too many bytes',
      { ...message(), context: 'é'.repeat((4 << 20) + 1) },
      '8388608',
    ],
    ['half a surrogate pair in the context', { ...message(), context: '\udc00' }, 'surrogate'],
    [
      'half a surrogate pair in the transcript',
      { ...message(), transcript: '\udc00' },
      'surrogate',
    ],
  ])('with %s is refused, naming it', (_, data, text) => {
    expect(() => parseJobMessage(data)).toThrow(invalid);
    expect(() => parseJobMessage(data)).toThrow(text);
  });

  it('whose dialect breaks in a way of our own is not blamed on its sender', () => {
    const broken = new Proxy(message(), {
      get: (target, key) =>
        key === 'hook' ? { ...target.hook, source: 'x' } : Reflect.get(target, key),
    });
    expect(parseJobMessage(broken).job.hook.action.script.source).toBe('x');
  });
});
