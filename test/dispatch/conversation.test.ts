/** Hooks that run once, and the end of a turn that is rejected again and again. */
import { describe, expect, it } from 'vitest';
import { dialects, findDialect } from '../../src/agents/registry.ts';
import type { Counters } from '../../src/dispatch/counters.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { EvaluateRequest } from '../../src/dispatch/request.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { createBundle } from '../../src/protocol/bundle.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, codesOf, exited, type HookChanges, sampleHook } from '../protocol/samples.ts';
import { TestCounters } from './memory-counters.ts';

/** Exit codes by the names of the hooks. */
type Codes = Readonly<Record<string, number>>;

interface Told {
  readonly dialect?: string;
  readonly session?: string | undefined;
  readonly more?: object;
  readonly codes?: Codes;
  readonly request?: Partial<EvaluateRequest>;
}

function conversation(
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
function namesakes(
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

describe('a hook that runs once', () => {
  const hooks = [{ once: true }, {}];

  it('runs at the first event of a session, and is listed as skipped at later ones', async () => {
    const event = conversation(new TestCounters(), 'PreToolUse', hooks);
    expect((await event()).started).toEqual(['h0', 'h1']);
    const { started, decision } = await event();
    expect(started).toEqual(['h1']);
    expect(decision.skipped).toEqual(['h0']);
    expect((await event({ session: 'other' })).started).toEqual(['h0', 'h1']);
    expect((await event({ request: { tenant: 'other' } })).started).toEqual(['h0', 'h1']);
    expect((await event({ request: { session: 'named' } })).started).toEqual(['h0', 'h1']);
  });

  it.each([
    ['objected', 2],
    ['failed', 1],
    ['timed out', -1],
  ])('runs again after it %s', async (_, code) => {
    const event = conversation(new TestCounters(), 'PreToolUse', hooks);
    await event({ codes: { h0: code } });
    expect((await event()).started).toEqual(['h0', 'h1']);
    expect((await event()).started).toEqual(['h1']);
  });

  it('runs always where nobody counts, the session has no name, or the counters fail', async () => {
    const broken: Counters = {
      get: () => Promise.reject(new Error('down')),
      add: () => new Promise(() => undefined),
      clear: async () => undefined,
    };
    const told = { request: { deadlineMs: 200 } };
    for (const event of [
      conversation(undefined, 'PreToolUse', hooks),
      conversation(broken, 'PreToolUse', hooks),
    ]) {
      for (const _ of [1, 2]) expect((await event(told)).started).toEqual(['h0', 'h1']);
    }
    const nameless = conversation(new TestCounters(), 'PreToolUse', hooks);
    for (const _ of [1, 2])
      expect((await nameless({ more: { session_id: undefined } })).started).toEqual(['h0', 'h1']);
  });

  it('is another hook when its script was changed', async () => {
    const counters = new TestCounters();
    await conversation(counters, 'PreToolUse', hooks)();
    const script = { runtime: 'bash', source: 'exit 3' } as const;
    expect(
      (await conversation(counters, 'PreToolUse', [{ once: true, script }])()).started,
    ).toEqual(['h0']);
    const file = (text: string) =>
      createBundle([{ path: 'x.sh', executable: true, content: bytes(text) }]);
    for (const bundle of [file('exit 0'), file('exit 2')]) {
      const started = (
        await conversation(counters, 'PreToolUse', [
          { once: true, script: { ...script, bundle } },
        ])()
      ).started;
      expect(started).toEqual(['h0']);
    }
  });

  const source = (text: string) => ({
    name: 'PreToolUse[0]',
    once: true,
    script: { runtime: 'bash', source: text } as const,
  });

  it.each(['azure', 'claude-code'])(
    'counts only its own result, not that of a hook of the same name, under %s',
    async (dialect) => {
      const event = namesakes(dialect, [source('exit 0'), source('exit 2')]);
      expect(await event()).toEqual({ ran: ['exit 0', 'exit 2'], decision: 'block' });
      expect(await event()).toEqual({ ran: ['exit 2'], decision: 'block' });
    },
  );

  it('does not count the result of a hook of the same name after an async one', async () => {
    const event = namesakes('azure', [
      { ...source('exit 2 # async'), async: true },
      source('exit 0'),
      source('exit 2'),
    ]);
    await event();
    expect((await event()).ran).toContain('exit 2');
  });

  it.each<[string, HookChanges]>([
    ['a matcher', { matcher: 'Bash' }],
    ['a condition', { conditionText: 'Bash(git *)' }],
    ['a failMode', { failMode: 'block' }],
    ['strictOutput', { strictOutput: true }],
    ['ignoreToolErrors', { ignoreToolErrors: true }],
  ])('is another hook than its namesake with %s of its own', async (_, change) => {
    const counters = new TestCounters();
    const hooks = [source('exit 0'), { ...source('exit 0'), ...change }];
    for (const hook of hooks)
      expect((await namesakes('azure', [hook], counters)()).ran).toEqual(['exit 0']);
  });

  it('is not done while one of equal hooks objects', async () => {
    const codes = [0, 2];
    const event = namesakes(
      'azure',
      [source('exit'), source('exit')],
      new TestCounters(),
      () => codes.shift() ?? 0,
    );
    expect(await event()).toEqual({ ran: ['exit', 'exit'], decision: 'block' });
    expect((await event()).ran).toEqual(['exit', 'exit']);
    expect((await event()).ran).toEqual([]);
  });
});

describe('the end of a turn', () => {
  const rejecting = { h0: 2 };
  /** Whether each of so many attempts is rejected. */
  async function attempts(
    event: ReturnType<typeof conversation>,
    count: number,
    told: Told = {},
  ): Promise<boolean[]> {
    const rejected: boolean[] = [];
    for (let at = 0; at < count; at++)
      rejected.push((await event({ codes: rejecting, ...told })).decision.decision === 'block');
    return rejected;
  }
  const times = (count: number, value: boolean) => Array<boolean>(count).fill(value);

  it('is rejected 8 times in a row, and then let be with a word about it', async () => {
    const event = conversation(new TestCounters(), 'Stop', [{}]);
    expect(await attempts(event, 8)).toEqual(times(8, true));
    const { decision } = await event({ codes: rejecting });
    expect(codesOf(decision.diagnostics)).toContain('rejection-limit');
    expect(decision.decision).toBe('none');
  });

  it('of the next turn is rejected 8 times again, also where the agent does not tell that it is another', async () => {
    const event = conversation(new TestCounters(), 'Stop', [{}]);
    expect(await attempts(event, 18)).toEqual([...times(8, true), false, ...times(8, true), false]);
  });

  it('starts to count anew after it was not rejected, and where the agent says that it is the first attempt', async () => {
    const event = conversation(new TestCounters(), 'Stop', [{}]);
    await attempts(event, 7);
    await event();
    expect(await attempts(event, 8)).toEqual(times(8, true));
    expect(await attempts(event, 1, { more: { stop_hook_active: false } })).toEqual([true]);
    expect(await attempts(event, 8, { more: { stop_hook_active: true } })).toEqual([
      ...times(7, true),
      false,
    ]);
  });

  const ends = dialects.flatMap(({ name, events }) =>
    Object.entries(events).flatMap(([event, rules]) =>
      rules.endsTurn && rules.canBlock ? [[name, event] as const] : [],
    ),
  );

  it.each(ends)('comes after 8 rejections under %s at %s', async (dialect, stop) => {
    const codes = { h0: -1 };
    const event = conversation(new TestCounters(), stop, [{ failMode: 'block' }]);
    expect(await attempts(event, 9, { dialect, codes })).toEqual([...times(8, true), false]);
  });

  it('has no limit where nobody counts, or the session has no name', async () => {
    expect(await attempts(conversation(undefined, 'Stop', [{}]), 12)).toEqual(times(12, true));
    const nameless = conversation(new TestCounters(), 'Stop', [{}]);
    expect(await attempts(nameless, 12, { more: { session_id: undefined } })).toEqual(
      times(12, true),
    );
  });

  it('goes by the count of the context where it has one, also without a session', async () => {
    const event = conversation(undefined, 'Stop', [{ maxRejections: 3 }]);
    const at = (stop_rejection_count: number) =>
      attempts(event, 1, {
        dialect: 'azure',
        more: { session_id: undefined, stop_rejection_count },
      });
    expect([await at(0), await at(2), await at(3), await at(9)]).toEqual([
      [true],
      [true],
      [false],
      [false],
    ]);
  });

  it('is rejected as long as the most patient of the hooks that reject it', async () => {
    const hooks = [{ maxRejections: 1 }, { maxRejections: 3 }];
    const both = conversation(new TestCounters(), 'Stop', hooks);
    expect(await attempts(both, 5, { codes: { h0: 2, h1: 2 } })).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    const one = conversation(new TestCounters(), 'Stop', hooks);
    expect(await attempts(one, 3)).toEqual([true, false, true]);
  });

  it('counts the limit of the hook that rejects it, not that of one with the same name', async () => {
    const hooks = [
      { name: 'Stop[0]', maxRejections: 3, script: { runtime: 'bash', source: 'exit 0' } as const },
      { name: 'Stop[0]', maxRejections: 1, script: { runtime: 'bash', source: 'exit 2' } as const },
    ];
    const event = namesakes('claude-code', hooks, new TestCounters(), undefined, 'Stop');
    expect([(await event()).decision, (await event()).decision]).toEqual(['block', 'none']);
  });

  it('is all that has a limit: a tool is rejected for ever', async () => {
    expect(
      await attempts(conversation(new TestCounters(), 'PreToolUse', [{ maxRejections: 1 }]), 12),
    ).toEqual(times(12, true));
  });
});
