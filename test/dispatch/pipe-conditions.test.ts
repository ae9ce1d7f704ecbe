/** Conditions in a pipe are tested on what the hooks before made of the tool's input. */
import { expect, it } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateServices } from '../../src/dispatch/request.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { compileCondition } from '../../src/protocol/matching/condition.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, type HookChanges, sampleHook } from '../protocol/samples.ts';

const rewrite = (input: object) => JSON.stringify({ hookSpecificOutput: { tool_input: input } });
const rewriter = (input: object) =>
  hook('rewriter', `echo ${rewrite(input)}`, { sequential: true });
const guarded = (name: string, source: string, over: HookChanges = {}) =>
  hook(name, source, {
    failMode: 'block',
    condition: compileCondition('run_shell_command(rm *)'),
    ...over,
  });

function hook(name: string, source: string, over: HookChanges): Hook {
  return sampleHook({
    name,
    event: 'BeforeTool',
    matcher: 'run_shell_command',
    script: { runtime: 'bash', source },
    ...over,
  });
}

async function decided(hooks: readonly Hook[], command = 'ls', services: EvaluateServices = {}) {
  const ran: string[] = [];
  const decision = await evaluate(
    {
      dialect: findDialect('gemini-cli'),
      hooks,
      context: bytes(
        JSON.stringify({
          hook_event_name: 'BeforeTool',
          tool_name: 'run_shell_command',
          tool_input: { command },
          session_id: 's',
        }),
      ),
    },
    async (job) => {
      ran.push(job.hook.name);
      const { source } = job.hook.action.script;
      const output = source.startsWith('echo ') ? source.slice(5) : '';
      return decide(
        job.dialect,
        job.hook,
        exited(source === 'exit 2' ? 2 : 0, output, source === 'exit 2' ? 'no' : ''),
      );
    },
    services,
  );
  return { decision: decision.decision, ran, skipped: decision.skipped };
}

it('a guard whose condition holds for a rewritten input runs', async () => {
  expect(await decided([rewriter({ command: 'rm -rf /srv' }), guarded('guard', 'exit 2')])).toEqual(
    {
      decision: 'block',
      ran: ['rewriter', 'guard'],
      skipped: [],
    },
  );
});

it('a guard whose condition does not hold, before or after a rewrite, does not run', async () => {
  const hooks = [rewriter({ command: 'pwd' }), guarded('guard', 'exit 2')];
  expect(await decided(hooks)).toEqual({ decision: 'none', ran: ['rewriter'], skipped: [] });
});

it('a guard whose condition held for the first input runs, whatever was made of it', async () => {
  const hooks = [rewriter({ command: 'pwd' }), guarded('guard', 'exit 2')];
  expect((await decided(hooks, 'rm -r x')).ran).toEqual(['rewriter', 'guard']);
});

it('a guard before the rewrite is not tested again, and is not told as skipped', async () => {
  const hooks = [
    guarded('first', 'exit 2', { sequential: true }),
    rewriter({ command: 'rm -r x' }),
    hook('last', 'exit 2', {}),
    guarded('behind', 'exit 0'),
  ];
  expect(await decided(hooks)).toEqual({
    decision: 'block',
    ran: ['rewriter', 'last', 'behind'],
    skipped: [],
  });
});

it('a guard whose condition does not hold does not run beside the hooks of a pipe that is none without its spent hook', async () => {
  const once = hook('once', 'exit 0', { sequential: true, once: true });
  const guard = guarded('guard', 'exit 2');
  const counters = { get: async () => 1, add: async () => 1, clear: async () => undefined };
  expect(await decided([once, guard], 'ls', { counters })).toEqual({
    decision: 'none',
    ran: [],
    skipped: ['once'],
  });
});

it('an async hook whose condition does not hold is not started', async () => {
  const hooks = [
    rewriter({ command: 'pwd' }),
    guarded('later', 'exit 0', { async: true, failMode: 'allow' }),
  ];
  expect((await decided(hooks)).ran).toEqual(['rewriter']);
});
