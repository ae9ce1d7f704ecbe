import { findDialect } from '../../src/agents/registry.ts';
import type { Counters } from '../../src/dispatch/counters.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateRequest } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, type HookChanges, sampleHook } from '../protocol/samples.ts';
import { TestCounters } from './memory-counters.ts';

/** Exit codes by the names of the hooks. */
type Codes = Readonly<Record<string, number>>;

export interface Told {
  readonly dialect?: string;
  readonly session?: string | undefined;
  readonly more?: object;
  readonly codes?: Codes;
  readonly request?: Partial<EvaluateRequest>;
}

export function conversation(
  counters: Counters | undefined,
  event: string,
  hooks: readonly HookChanges[],
) {
  const all = hooks.map((hook, at) => sampleHook({ event, name: `h${at}`, ...hook }));
  return async ({
    dialect = 'claude-code',
    session = 's',
    more = {},
    codes = {},
    request = {},
  }: Told = {}) => {
    const started: string[] = [];
    const run: Runner = async (job) => {
      started.push(job.hook.name);
      const code = codes[job.hook.name] ?? 0;
      return decide(
        job.dialect,
        job.hook,
        code < 0 ? emptyRun('timed-out') : exited(code, '', code === 2 ? 'no' : ''),
      );
    };
    const context = bytes(JSON.stringify({ tool_name: 'Bash', session_id: session, ...more }));
    const decision = await evaluate(
      { dialect: findDialect(dialect), hooks: all, event, context, ...request },
      run,
      { counters },
    );
    return { started, decision };
  };
}

/**
 * Hooks that may have equal names, as those of two files do: the end of a script's source tells its
 * exit code.
 */
export function namesakes(
  dialect: string,
  hooks: readonly HookChanges[],
  counters = new TestCounters(),
  codeOf = (source: string): number => (source.endsWith('2') ? 2 : 0),
  event = 'PreToolUse',
) {
  const all = hooks.map((hook) => sampleHook({ event, ...hook }));
  const request = { dialect: findDialect(dialect), hooks: all, event, session: 's' };
  return async () => {
    const ran: string[] = [];
    const run: Runner = async ({ dialect: table, hook }) => {
      const { source } = hook.action.script;
      ran.push(source);
      return decide(table, hook, exited(codeOf(source), '', 'no'));
    };
    const { decision } = await evaluate(
      { ...request, context: bytes('{"tool_name":"Bash"}') },
      run,
      { counters },
    );
    return { ran, decision };
  };
}
