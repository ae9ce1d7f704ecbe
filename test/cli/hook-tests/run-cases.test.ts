import { expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import type { TestCase } from '../../../src/cli/hook-tests/load-suites.ts';
import type { CaseResult } from '../../../src/cli/hook-tests/result.ts';
import { type RunCasesOptions, runCases } from '../../../src/cli/hook-tests/run-cases.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import type { CommandJob } from '../../../src/protocol/job.ts';
import { emptyRun } from '../../../src/protocol/run.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { entriesOf, packOf } from '../../support/state-packs.ts';

const dialect = findDialect('azure');
const [loaded] = parseHooksFile(
  'h',
  'hooks: {Stop: [{name: guard, failMode: block, command: "true"}]}',
).hooks;
const hooks = loaded === undefined ? [] : [loaded.hook];
const numbers = [0, 1, 2, 3, 4, 5];

function cases(decision: 'none' | 'block' = 'none'): TestCase[] {
  return numbers.map((number) => {
    const context = Buffer.from(JSON.stringify({ hook_event_name: 'Stop', number }));
    return {
      file: 'f',
      line: number,
      name: `n${number}`,
      request: { dialect, hooks, context },
      targets: {},
      judges: {},
      expect: { decision },
    };
  });
}

const numberOf = (job: CommandJob) =>
  (JSON.parse(Buffer.from(job.context).toString()) as { number: number }).number;
const exited = (job: CommandJob, exitCode: number) =>
  decide(
    job.dialect,
    job.hook,
    { ...emptyRun('exited'), exitCode },
    { queueMs: 0, leaseMs: 1e6, runMs: 0, totalMs: 1e6 },
  );
/** The later a case, the sooner it is over. */
const backwards = (number: number) =>
  new Promise((resolve) => setTimeout(resolve, (numbers.length - number) * 5));

function run(list: TestCase[], part: Partial<RunCasesOptions> = {}) {
  const told: string[] = [];
  const options: RunCasesOptions = {
    runner: async (job) => exited(job, 0),
    tenant: 't',
    isolation: 'tenant',
    concurrency: 3,
    bail: false,
    signal: new AbortController().signal,
    onResult: (result, before) =>
      void told.push(`${before?.name ?? '-'} ${result.name} ${result.outcome}`),
    ...part,
  };
  return { told, running: runCases(list, options) };
}
const outcomes = (results: readonly CaseResult[]) => results.map(({ outcome }) => outcome);

it('results are told in the order of the cases, whatever ends first', async () => {
  let most = 0;
  let now = 0;
  const runner = async (job: CommandJob) => {
    most = Math.max(most, ++now);
    await backwards(numberOf(job));
    now--;
    return exited(job, 0);
  };
  const { told, running } = run(cases(), { runner });
  const { results, reached } = await running;
  expect(results.map(({ name }) => name)).toEqual(numbers.map((number) => `n${number}`));
  expect(told).toEqual(
    numbers.map((number) => `${number === 0 ? '-' : `n${number - 1}`} n${number} passed`),
  );
  expect([...reached]).toEqual(hooks);
  expect(most).toBe(3);
});

it('the wait for a sandbox is no part of the time', async () => {
  const { results } = await run(cases()).running;
  expect(Math.max(...results.map(({ durationMs }) => durationMs))).toBeLessThan(0);
});

it('with bail nothing is started after a case that did not pass', async () => {
  const runner = async (job: CommandJob) => exited(job, numberOf(job) === 1 ? 2 : 0);
  const { results } = await run(cases(), { runner, bail: true, concurrency: 1 }).running;
  expect(outcomes(results)).toEqual([
    'passed',
    'failed',
    'skipped',
    'skipped',
    'skipped',
    'skipped',
  ]);
});

it('a guard that no sandbox could run has not passed, though its failMode says what is expected', async () => {
  const runner = async (job: CommandJob) =>
    decide(job.dialect, job.hook, { code: 'ENGINE_DOWN', message: 'no engine' });
  const { results } = await run(cases('block'), { runner }).running;
  expect(new Set(outcomes(results))).toEqual(new Set(['error']));
  expect(results[0]?.message).toBe('guard could not be run: no engine (ENGINE_DOWN)');
});

it('a script that failed by itself is judged', async () => {
  const runner = async (job: CommandJob) => exited(job, 1);
  expect(new Set(outcomes((await run(cases('block'), { runner }).running).results))).toEqual(
    new Set(['passed']),
  );
});

it('an abort ends it at once, reaches the running scripts, and nothing more is told', async () => {
  const controller = new AbortController();
  const seen: boolean[] = [];
  const runner = async (job: CommandJob, signal: AbortSignal) => {
    if (numberOf(job) === 2) controller.abort(new Error('stop'));
    seen.push(signal.aborted);
    return exited(job, 0);
  };
  const { told, running } = run(cases(), { runner, signal: controller.signal, concurrency: 1 });
  await expect(running).rejects.toThrow('stop');
  expect(seen).toEqual([false, false, true]);
  expect(told).toHaveLength(2);
});

it('cases of one session run in their order, and each begins with what the one before left', async () => {
  const [keeping] = parseHooksFile(
    'h',
    'hooks: {Stop: [{name: guard, state: session, command: "true"}]}',
  ).hooks;
  const list = cases().map((one, at) => ({
    ...one,
    ...(at < 4 ? { session: at % 2 === 0 ? 'even' : 'odd' } : {}),
    request: { ...one.request, hooks: keeping === undefined ? [] : [keeping.hook] },
  }));
  const seen: [number, string | undefined][] = [];
  const runner = async (job: CommandJob) => {
    const number = numberOf(job);
    const before = entriesOf(job.state ?? new Uint8Array(0))['n'] ?? undefined;
    await backwards(number);
    seen.push([number, before]);
    return {
      ...exited(job, 0),
      state: { pack: packOf([{ path: 'n', content: String(number) }]), leftOut: 0 },
    };
  };
  const { running } = run(list, { runner, concurrency: 6 });
  const { results } = await running;
  expect(seen.toSorted(([a], [b]) => a - b)).toEqual([
    [0, undefined],
    [1, undefined],
    [2, '0'],
    [3, '1'],
    [4, undefined],
    [5, undefined],
  ]);
  const notes = results.map(({ decision }) => decision?.diagnostics.map(({ code }) => code));
  expect(notes).toEqual([[], [], [], [], ['state-none'], ['state-none']]);
});

it('cases of one session in two files have states of their own', async () => {
  const [keeping] = parseHooksFile(
    'h',
    'hooks: {Stop: [{name: guard, state: session, command: "true"}]}',
  ).hooks;
  const list = cases()
    .slice(0, 2)
    .map((one, at) => ({
      ...one,
      file: `f${at}`,
      session: 's',
      request: { ...one.request, hooks: keeping === undefined ? [] : [keeping.hook] },
    }));
  const states: number[] = [];
  const runner = async (job: CommandJob) => {
    states.push(job.state?.length ?? -1);
    return {
      ...exited(job, 0),
      state: { pack: packOf([{ path: 'n', content: 'x' }]), leftOut: 0 },
    };
  };
  await run(list, { runner, concurrency: 1 }).running;
  expect(states).toEqual([0, 0]);
});
