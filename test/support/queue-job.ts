/** Jobs and runners for tests of the queue. */

import { azure } from '../../src/agents/azure/dialect.ts';
import type { CommandAction } from '../../src/protocol/action.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { exited, type HookChanges, sampleHook } from '../protocol/samples.ts';

export function bashHook(source: string, over: HookChanges = {}): Hook<CommandAction> {
  return sampleHook({
    script: { runtime: 'bash', source },
    timeoutMs: 10_000,
    failMode: 'block',
    ...over,
  });
}

export function sampleJob(over: Partial<CommandJob> = {}): CommandJob {
  return {
    dialect: azure,
    hook: bashHook('exit 0'),
    tenant: 'test',
    isolation: 'tenant',
    context: Buffer.from('{"hook_event_name":"PreToolUse","tool_name":"Bash"}'),
    transcript: undefined,
    ...over,
  };
}

/** Simulates a sandbox: the script `MS` takes that many milliseconds, `reason: TEXT` blocks. */
export async function playScript(job: CommandJob): Promise<ReturnType<typeof decide>> {
  const source = job.hook.action.script.source;
  const ms = Number(/sleep (\d+)/.exec(source)?.[1] ?? 0);
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  const reason = /reason: (.*)/.exec(source)?.[1];
  return decide(job.dialect, job.hook, exited(reason === undefined ? 0 : 2, '', reason ?? ''));
}

export const never = new AbortController().signal;
