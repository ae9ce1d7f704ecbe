import { azure } from '../../src/agents/azure/dialect.ts';
import type { EvaluateRequest } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from '../protocol/samples.ts';

/** A runner whose hooks print what is written down for them, and the jobs that it was given. */
export function printing(outputs: Record<string, unknown>): { run: Runner; jobs: CommandJob[] } {
  const jobs: CommandJob[] = [];
  const run: Runner = async (job) => {
    jobs.push(job);
    const output = outputs[job.hook.name];
    return decide(
      job.dialect,
      job.hook,
      exited(0, output === undefined ? '' : JSON.stringify(output)),
    );
  };
  return { run, jobs };
}

/** A runner that never answers. */
export const silent: Runner = () => new Promise(() => undefined);

export function request(
  hooks: readonly Hook[],
  over: Partial<EvaluateRequest> = {},
): EvaluateRequest {
  return {
    dialect: azure,
    hooks,
    context: bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash"}'),
    ...over,
  };
}

export function named(...names: string[]): Hook[] {
  return names.map((name) => sampleHook({ name }));
}

export const at = (event: string) => ({
  context: bytes(`{"hook_event_name":"${event}","tool_name":"Bash"}`),
});
