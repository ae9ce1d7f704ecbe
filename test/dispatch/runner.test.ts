import { expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/dialect.ts';
import { type Runner, runnerByKind } from '../../src/dispatch/runner.ts';
import type { Job } from '../../src/protocol/job.ts';
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
  [
    'prompt',
    'block',
    'block',
    'This is a prompt hook: it needs a model, and hookpool runs command hooks only.',
  ],
  [
    'agent',
    'allow',
    'none',
    'This is an agent hook: it needs a model, and hookpool runs command hooks only.',
  ],
] as const)(
  'a hook of type %s with failMode %s is not run: %s',
  async (type, failMode, decision, message) => {
    const command: Runner = () => {
      throw new Error('It is no command.');
    };
    const hook = modelHook({ action: { kind: 'unsupported', type, settings: {} }, failMode });
    const result = await runnerByKind({ command })(jobOf(hook), never);
    expect(result).toMatchObject({
      decision,
      facts: null,
      cause: { kind: 'fail-mode', code: 'HOOK_TYPE_UNSUPPORTED', message },
    });
  },
);
