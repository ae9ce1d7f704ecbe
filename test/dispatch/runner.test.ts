import { expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/dialect.ts';
import {
  type HttpRunner,
  type JudgeRunner,
  type Runner,
  runnerByKind,
} from '../../src/dispatch/runner.ts';
import type { Job } from '../../src/protocol/job.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, modelHook, sampleHook } from '../protocol/samples.ts';

const never = new AbortController().signal;

function jobOf(hook: Job['hook']): Job {
  return {
    dialect: claudeCode,
    hook,
    tenant: 'a',
    isolation: 'tenant',
    context: bytes('{}'),
    transcript: undefined,
  };
}

it('a command goes to its runner, with its call', async () => {
  const calls: unknown[] = [];
  const command: Runner = async ({ dialect, hook }, signal, call) => {
    calls.push([hook.action.script.source, signal, call]);
    return decide(dialect, hook, exited(2, '', 'no'));
  };
  const call = { evaluationId: 'e', budgetMs: 5, priority: 'normal' } as const;
  const result = await runnerByKind({ command })(jobOf(sampleHook()), never, call);
  expect(result).toMatchObject({ decision: 'block', reason: 'no' });
  expect(calls).toEqual([['exit 0', never, call]]);
});

it.each([
  ['prompt', 'block', 'block', 'HOOK_TYPE_UNSUPPORTED'],
  ['http', 'allow', 'none', 'HOOK_TYPE_UNSUPPORTED'],
  ['command', 'block', 'block', 'HOOK_UNSUPPORTED'],
  ['command', 'allow', 'none', 'HOOK_UNSUPPORTED'],
] as const)(
  'an unsupported hook of type %s with failMode %s is not run and counts as %s, cause %s',
  async (type, failMode, decision, code) => {
    const command: Runner = () => {
      throw new Error('It is no command.');
    };
    const reason = 'node is not in the image.';
    const action = { kind: 'unsupported', type, reason, settings: {} } as const;
    const hook = modelHook({ action, failMode });
    expect(await runnerByKind({ command })(jobOf(hook), never)).toMatchObject({
      decision,
      facts: null,
      cause: { kind: 'fail-mode', code, message: reason },
    });
  },
);

it('an http hook goes to its runner, and counts as its failMode where there is none', async () => {
  const action = {
    ...{ kind: 'http' as const, url: parseRequestUrl('https://a.test/'), headers: {} },
    ...{ retries: 0, settings: {} },
  };
  const job = jobOf({ ...sampleHook({ failMode: 'block' }), action });
  const command: Runner = () => Promise.reject(new Error('no script'));
  expect(await runnerByKind({ command })(job, never)).toMatchObject({
    ...{ decision: 'block', cause: { code: 'HOOK_TYPE_UNSUPPORTED' }, facts: null },
  });
  const http: HttpRunner = async ({ dialect, hook }) =>
    decide(dialect, hook, { reply: bytes(''), totalBytes: 0, http: { mayGrant: true } });
  expect(await runnerByKind({ command, http })(job, never)).toMatchObject({ decision: 'none' });
});

it.each(['prompt', 'agent'] as const)(
  'a hook of type %s goes to its runner, and counts as its failMode where there is none',
  async (kind) => {
    const action = { kind, prompt: 'p', tools: [], maxTurns: 1, settings: {} };
    const job = jobOf({ ...sampleHook({ failMode: 'block' }), action });
    const command: Runner = () => Promise.reject(new Error('no script'));
    expect(await runnerByKind({ command })(job, never)).toMatchObject({
      ...{ decision: 'block', cause: { code: 'HOOK_TYPE_UNSUPPORTED' }, facts: null },
    });
    const judge: JudgeRunner = async ({ dialect, hook }) =>
      decide(dialect, hook, { code: 'JUDGE_REFUSED', message: 'no' });
    expect(await runnerByKind({ command, judge })(job, never)).toMatchObject({
      cause: { code: 'JUDGE_REFUSED' },
    });
  },
);
