/** Hooks of dialects that do not simply run one after another. */
import { expect, it } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from '../protocol/samples.ts';

const context = (event: string, more = '') =>
  bytes(`{"hook_event_name":"${event}","tool_name":"shell"${more}}`);

function named(event: string, ...names: string[]): Hook[] {
  return names.map((name) =>
    sampleHook({ name, event, script: { runtime: 'bash', source: `echo ${name}` } }),
  );
}

it('hooks of a parallel dialect run at the same time, and their results are in the order of the file', async () => {
  const started: string[] = [];
  let release: () => void = () => undefined;
  const allStarted = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run: Runner = async (job) => {
    started.push(job.hook.name);
    if (started.length === 3) release();
    await allStarted;
    const output = { decision: job.hook.name === 'b' ? 'block' : 'approve', reason: job.hook.name };
    return decide(job.dialect, job.hook, exited(0, JSON.stringify(output)));
  };
  const request = {
    dialect: findDialect('claude-code'),
    hooks: named('PreToolUse', 'a', 'b', 'c'),
    context: context('PreToolUse'),
  };
  const decision = await evaluate(request, run);
  expect(decision.results.map((result) => result.hook)).toEqual(['a', 'b', 'c']);
  expect(decision).toMatchObject({ decision: 'block', reason: 'b', skipped: [] });
});

it('a parallel hook that never answers counts as its failMode at the deadline, and the others stand', async () => {
  const run: Runner = (job) =>
    job.hook.name === 'a'
      ? new Promise(() => undefined)
      : Promise.resolve(decide(job.dialect, job.hook, exited(0, '{"decision":"block"}')));
  const request = {
    dialect: findDialect('claude-code'),
    hooks: named('PreToolUse', 'a', 'b'),
    context: context('PreToolUse'),
  };
  const decision = await evaluate({ ...request, deadlineMs: 30 }, run);
  expect(decision.results.map(({ decision: kind }) => kind)).toEqual(['none', 'block']);
  expect(decision.results[0]?.cause).toMatchObject({ kind: 'fail-mode', code: 'DEADLINE' });
});

it('a piped hook gets the input as the ones before rewrote it, and the decision has patch and effect', async () => {
  const seen: string[] = [];
  const outputs: Record<string, string> = {
    first: '{"hook_specific_output":{"updated_input":{"cmd":"ls"}}}',
    broken: '{"hook_specific_output":{"updated_input":{"cmd":"lost"}}} {}',
    vetoes: '{"hook_specific_output":{"updated_input":{"cmd":"dropped"}}}',
    last: '{"hook_specific_output":{"updated_input":{"flag":1}}}',
  };
  const run: Runner = async (job) => {
    seen.push(Buffer.from(job.context).toString());
    const { name } = job.hook;
    return decide(job.dialect, job.hook, exited(name === 'vetoes' ? 2 : 0, outputs[name], 'no'));
  };
  const request = {
    dialect: findDialect('docker-agent-strict'),
    hooks: named('pre_tool_use', 'first', 'broken', 'vetoes', 'last'),
    context: context('pre_tool_use', ', "tool_input":{"cmd":"rm","n":9007199254740993}'),
  };
  const decision = await evaluate(request, run);
  expect(seen.map((text) => text.slice(text.indexOf('{"cmd"')))).toEqual([
    '{"cmd":"rm","n":9007199254740993}}',
    ...Array(3).fill('{"cmd":"ls","n":9007199254740993}}'),
  ]);
  expect(decision).toMatchObject({
    decision: 'block',
    decidedBy: 'vetoes',
    updatedInput: { cmd: 'ls', flag: 1 },
  });
  expect(decision.effectiveInput).toMatchObject({ cmd: 'ls', flag: 1 });
});

it('jobs share one content, and the ones behind a rewrite another one', async () => {
  const jobs: CommandJob[] = [];
  const outputs: Readonly<Record<string, string>> = {
    b: '{"hook_specific_output":{"updated_input":{"cmd":"ls"}}}',
  };
  const run: Runner = async (job) => {
    jobs.push(job);
    return decide(job.dialect, job.hook, exited(0, outputs[job.hook.name]));
  };
  const dialect = findDialect('docker-agent-strict');
  const hooks = named('pre_tool_use', 'a', 'b', 'c', 'd');
  await evaluate(
    { dialect, hooks, context: context('pre_tool_use', ', "tool_input":{"cmd":"rm"}') },
    run,
  );
  const [a, b, c, d] = jobs.map(({ content }) => content);
  expect([a === b, b === c, c === d]).toEqual([true, false, true]);
  const own = jobs.map(({ content, context: bytesOfJob }) => content?.bytes === bytesOfJob);
  expect(own).toEqual(Array(4).fill(true));
});

it('what a hook hands on is made by the services, with the time that is left, and only for a hook that comes behind', async () => {
  const asked: unknown[] = [];
  const run: Runner = async (job) => {
    const patch = Buffer.from(job.context).includes('by a service')
      ? {}
      : { hook_specific_output: { updated_input: { cmd: 'ls' } } };
    return decide(job.dialect, job.hook, exited(0, JSON.stringify(patch)));
  };
  const request = {
    dialect: findDialect('docker-agent-strict'),
    hooks: named('pre_tool_use', 'first', 'second', 'third'),
    context: context('pre_tool_use', ', "tool_input":{"cmd":"rm"}'),
    deadlineMs: 10_000,
  };
  await evaluate(request, run, {
    pipeContext: async (dialect, before, { updatedInput }, withinMs) => {
      asked.push([
        dialect.name,
        before === request.context,
        updatedInput,
        withinMs > 9_000 && withinMs < 10_000,
      ]);
      return context('pre_tool_use', ', "made":"by a service"');
    },
  });
  expect(asked).toEqual([['docker-agent-strict', true, { cmd: 'ls' }, true]]);
});

it('hooks that cannot have what the ones before handed on are not run with less: their failModes speak', async () => {
  const started: string[] = [];
  const run: Runner = async (job) => {
    started.push(job.hook.name);
    return decide(
      job.dialect,
      job.hook,
      exited(0, '{"hook_specific_output":{"updated_input":{"cmd":"ls"}}}'),
    );
  };
  const request = {
    dialect: findDialect('docker-agent-strict'),
    hooks: named('pre_tool_use', 'first', 'second', 'third').map((hook) => ({
      ...hook,
      failMode: 'block' as const,
    })),
    context: context('pre_tool_use', ', "tool_input":{"cmd":"rm"}'),
  };
  const pipe = () => Promise.reject(new UnavailableError('OVERLOADED', 'No thread.'));
  const decision = await evaluate(request, run, { pipeContext: pipe });
  expect(started).toEqual(['first']);
  expect(decision).toMatchObject({ decision: 'block', decidedBy: 'second' });
  const failed = { kind: 'fail-mode', code: 'OVERLOADED', message: 'No thread.' };
  expect(decision.results.slice(1).map(({ cause }) => cause)).toEqual([failed, failed]);
});

it('duplicates, conditions and matchers are sorted out before anything starts', async () => {
  const started: string[] = [];
  const run: Runner = async (job) => {
    started.push(job.hook.name);
    return decide(job.dialect, job.hook, exited(0));
  };
  const script = { runtime: 'bash', source: 'exit 0' } as const;
  const crush = findDialect('crush');
  const hooks = [
    sampleHook({ name: 'once', script }),
    sampleHook({ name: 'again', script }),
    sampleHook({ name: 'elsewhere', matches: compileMatcher(crush, '^edit$') }),
    sampleHook({ name: 'never', script: { ...script, source: 'x' }, condition: () => false }),
  ];
  await evaluate({ dialect: crush, hooks, context: context('PreToolUse') }, run);
  expect(started).toEqual(['once']);
});

it('where the matched text is missing, the hook runs', async () => {
  const hook = sampleHook({ event: 'SessionStart', matches: () => false });
  const run: Runner = async (job) => decide(job.dialect, job.hook, exited(0));
  const request = { dialect: findDialect('claude-code'), hooks: [hook], event: 'SessionStart' };
  expect((await evaluate({ ...request, context: bytes('{}') }, run)).results).toHaveLength(1);
  expect(
    (await evaluate({ ...request, context: bytes('{"source":"clear"}') }, run)).results,
  ).toHaveLength(0);
});

it('under vscode the first stopReason ends the chain, a block without one does not', async () => {
  const outputs: Record<string, [number, string, string]> = {
    fine: [0, '{"systemMessage":"m"}', ''],
    denies: [
      0,
      '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"r"}}',
      '',
    ],
    silent: [2, '', ''],
    stops: [2, '', 'policy'],
    later: [2, '', 'too late'],
  };
  const run: Runner = async (job) =>
    decide(job.dialect, job.hook, exited(...(outputs[job.hook.name] ?? [0, '', ''])));
  const hooks = named('PreToolUse', 'fine', 'denies', 'silent', 'stops', 'later');
  const decision = await evaluate(
    { dialect: findDialect('vscode'), hooks, context: context('PreToolUse') },
    run,
  );
  expect(decision.skipped).toEqual(['later']);
  expect(decision).toMatchObject({
    decision: 'block',
    decidedBy: 'denies',
    continue: false,
    stopReason: 'policy',
  });
});

it('one sequential hook makes all hooks of its event run in turn, each on what the ones before made of the input', async () => {
  const seen: string[] = [];
  const run: Runner = async (job) => {
    seen.push(Buffer.from(job.context).toString());
    return decide(
      job.dialect,
      job.hook,
      exited(0, `{"hookSpecificOutput":{"tool_input":{"${job.hook.name}":1}}}`),
    );
  };
  const [a, b] = named('BeforeTool', 'a', 'b');
  const request = {
    dialect: findDialect('gemini-cli'),
    context: context('BeforeTool', ',"tool_input":{}'),
  };
  const hooks = [a, { ...b, sequential: true }] as Hook[];
  const decision = await evaluate({ ...request, hooks }, run);
  expect(seen.map((text) => (JSON.parse(text) as { tool_input: object }).tool_input)).toEqual([
    {},
    { a: 1 },
  ]);
  expect(decision.effectiveInput).toEqual({ b: 1 });
  seen.length = 0;
  await evaluate({ ...request, hooks: [a as Hook, ...named('BeforeTool', 'b')] }, run);
  expect(new Set(seen).size).toBe(1);
});
