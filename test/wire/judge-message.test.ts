// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/dialect.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { actionKey } from '../../src/protocol/action.ts';
import { parseOutboundMessage, toOutboundMessage } from '../../src/wire/outbound-message.ts';
import { bytes } from '../protocol/samples.ts';
import { type JudgeHookChanges, judgeHook, judgeJob } from '../support/judge-job.ts';

const envelope = {
  ...{ evaluationId: 'e-1', attempt: 1, at: '2026-11-30T12:00:00.000Z', budgetMs: 1_000 },
};
const agent = { kind: 'agent', tools: ['ReadFile', 'Bash'], maxTurns: 6 } as const;
const sent = (over: JudgeHookChanges = {}, job: Parameters<typeof judgeJob>[0] = {}) =>
  toOutboundMessage(judgeJob({ ...job, hook: judgeHook(over) }), envelope);
const message = () => structuredClone(sent());
const read = (data: unknown) => parseOutboundMessage(JSON.parse(JSON.stringify(data)));
const invalid = expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_JOB' });

describe('a job for a judge', () => {
  it('arrives as it was sent, byte for byte, with what judges its answer', () => {
    const context = bytes('\ufeff{"n": 9007199254740993}\r\n');
    const transcript = bytes('TOOL: p95 847 ms \u{1f600}\n');
    const settings = {
      failModeIsDefault: true,
      strictOutput: true,
      quiet: true,
      async: true,
      shadow: true,
    };
    const action = { ...agent, model: 'careful', select: ['final_output'], continueOnBlock: true };
    const hook = judgeHook({ ...settings, action });
    const job = judgeJob({ hook, context, transcript, isolation: 'job', tenant: 'b' });
    const out = toOutboundMessage(job, { ...envelope, priority: 'urgent' });
    const back = read(out);
    expect(back.message).toEqual(out);
    expect(back.job).toMatchObject({ tenant: 'b', isolation: 'job', dialect: { name: 'azure' } });
    expect(Buffer.from(back.job.context).equals(context)).toBe(true);
    expect(Buffer.from(back.job.transcript ?? []).equals(transcript)).toBe(true);
    const { name, event, tier, timeoutMs, failMode } = hook;
    expect(back.job.hook).toMatchObject({ name, event, tier, timeoutMs, failMode, ...settings });
    expect(back.job.hook.action).toEqual(hook.action);
  });

  it('names the folder of its event for the tools of its judge only', () => {
    const action = { ...agent, settings: {} };
    const withTools = sent({ action }, { cwd: '/src/app' });
    expect(withTools).toMatchObject({ cwd: '/src/app' });
    expect(read(withTools).job.cwd).toBe('/src/app');
    expect(sent({}, { cwd: '/src/app' })).not.toHaveProperty('cwd');
    expect(sent({ action }, { cwd: 'x'.repeat(4_096) })).not.toHaveProperty('cwd');
  });

  it('has the same idempotency key as in one process', () => {
    const keys = [
      'type: prompt, select: [a.b], mayOverride: true, cache: {seconds: 9, of: [tool_name]}',
      'type: prompt, cache: {seconds: 9}',
      'type: agent, model: careful, maxTurns: 6, tools: [Bash], continueOnBlock: true',
      'type: prompt',
    ];
    for (const text of keys) {
      const set = parseHooksFile('h', `hooks: {Stop: [{prompt: "a $ARGUMENTS", ${text}}]}`);
      const { action } = set.hooks[0]?.hook ?? expect.unreachable();
      if (action.kind !== 'prompt' && action.kind !== 'agent') expect.unreachable();
      expect(actionKey(read(sent({ action })).job.hook.action)).toBe(actionKey(action));
    }
  });

  it('says nothing of what its hook has not', () => {
    const keys = Object.keys(JSON.parse(JSON.stringify(message().hook)));
    expect(keys.toSorted()).toEqual(
      ['event', 'failMode', 'maxTurns', 'name', 'prompt', 'tier', 'timeoutMs', 'tools'].toSorted(),
    );
    expect(read(message()).job.transcript).toBeUndefined();
  });

  it('takes the transcript along only for a judge that has tools to read it', () => {
    const transcript = bytes('t');
    expect(sent({}, { transcript })).not.toHaveProperty('transcript');
    expect(sent({ action: { tools: ['ReadFile'] } }, { transcript })).toMatchObject({
      transcript: 't',
    });
  });

  it('whose transcript is no UTF-8 cannot be sent', () => {
    const transcript = new Uint8Array([0xff]);
    expect(() => sent({ action: agent }, { transcript })).toThrow(invalid);
  });
});

describe('a message for a judge', () => {
  const hook = (over: object) => ({ ...message(), hook: { ...message().hook, ...over } });
  const ofClaude = { ...message(), dialect: claudeCode.name };
  it.each([
    ['no isolation', { ...message(), isolation: undefined }, 'isolation'],
    ['a key', { ...message(), key: 'planted' }, 'key'],
    ['the address of a judge', hook({ baseUrl: 'https://planted.test' }), 'baseUrl'],
    ['no prompt', hook({ prompt: undefined }), 'hook.prompt'],
    ['a prompt of 65,537 characters', hook({ prompt: 'x'.repeat(65_537) }), 'hook.prompt'],
    [
      'an action of a template that is none',
      { ...hook({ prompt: '{{ planted! }}', event: 'stop' }), dialect: 'docker-agent' },
      'hook.prompt',
    ],
    ['an unknown tool', hook({ tools: ['WriteFile'] }), 'hook.tools'],
    ['bash for a prompt hook', hook({ tools: ['Bash'] }), 'hook.tools'],
    ['51 turns', hook({ maxTurns: 51 }), 'hook.maxTurns'],
    ['a path that is none', hook({ select: ['planted..x'] }), 'hook.select'],
    ['a name without letters', hook({ model: '' }), 'hook.model'],
    ['a day and a second', hook({ cache: { seconds: 86_401 } }), 'hook.cache'],
    ['a kept verdict of tools', hook({ tools: ['ReadFile'], cache: { seconds: 1 } }), 'hook.cache'],
    [
      'an approval by what a judge ran',
      { ...hook({ tools: ['Bash'], mayOverride: true }), kind: 'agent' },
      'hook.mayOverride',
    ],
    [
      'an event without such hooks',
      { ...ofClaude, hook: { ...message().hook, event: 'SessionStart' } },
      'hook.event',
    ],
    ['half a surrogate pair', { ...message(), transcript: '\udc00' }, 'transcript'],
    ['a long transcript', { ...message(), transcript: 'é'.repeat((4 << 20) + 1) }, '8388608'],
    ['a timeout of 301 s', hook({ timeoutMs: 301_000 }), '300000'],
  ])('with %s is refused, naming it and quoting nothing', (_, data, text) => {
    expect(() => parseOutboundMessage(data)).toThrow(invalid);
    expect(() => parseOutboundMessage(data)).toThrow(text);
    expect(() => parseOutboundMessage(data)).toThrow(/^((?!planted).)*$/s);
  });
});
