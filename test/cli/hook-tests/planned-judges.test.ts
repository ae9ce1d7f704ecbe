import { describe, expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import type { PlannedJudges } from '../../../src/cli/hook-tests/planned-judges.ts';
import { runCases } from '../../../src/cli/hook-tests/run-cases.ts';
import { parseTestFile } from '../../../src/cli/hook-tests/test-file.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';

const dialect = findDialect('azure');
const hooks = parseHooksFile(
  'h',
  'hooks: {Stop: [{type: prompt, model: fast, prompt: p, failMode: block, timeout: 5}]}',
).hooks.map(({ hook }) => hook);

/** Outcome, decision and code of a case with these answers. */
async function causeOf(judges: PlannedJudges) {
  const context = Buffer.from('{"hook_event_name":"Stop"}');
  const request = { dialect, hooks, context };
  const planned = { targets: {}, judges, expect: { decision: 'none' } };
  const one = { file: 'f', line: 1, name: 'n', request, ...planned };
  const { results, reached } = await runCases([one as never], {
    runner: () => Promise.reject(new Error('no script')),
    ...{ tenant: 't', isolation: 'tenant', concurrency: 1, bail: false, onResult: () => {} },
    signal: new AbortController().signal,
  });
  expect(reached.size).toBe(1);
  const [result] = results;
  const [hook] = result?.decision?.results ?? [];
  return [result?.outcome, hook?.decision, hook?.cause.kind === 'fail-mode' && hook.cause.code];
}

describe('a prompt hook in a test gets', () => {
  it.each([
    [{ says: { ok: true } }, ['passed', 'none', false]],
    [{ says: { ok: false, reason: 'no' } }, ['failed', 'block', false]],
    [{ says: 'yes' }, ['failed', 'block', 'JUDGE_ANSWER_MALFORMED']],
    [{}, ['failed', 'block', 'JUDGE_ANSWER_MALFORMED']],
    [{ says: { ok: true }, cut: true }, ['failed', 'block', 'JUDGE_ANSWER_CUT']],
    [{ refuses: true }, ['failed', 'block', 'JUDGE_REFUSED']],
    [{ status: 429 }, ['failed', 'block', 'JUDGE_RATE_LIMITED']],
    [{ status: 503 }, ['failed', 'block', 'JUDGE_UNAVAILABLE']],
    [{ status: 413 }, ['failed', 'block', 'INPUT_TOO_LARGE']],
    [{ unreachable: true }, ['failed', 'block', 'JUDGE_UNAVAILABLE']],
    [{ says: { ok: true }, after: 4 }, ['passed', 'none', false]],
    [{ says: { ok: true }, after: 6 }, ['failed', 'block', 'HOOK_TIMED_OUT']],
  ])('%j from its judge', async (planned, outcome) => {
    const started = performance.now();
    expect(await causeOf({ fast: planned })).toEqual(outcome);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('no answer that its case does not give: the case fails', async () => {
    expect(await causeOf({ other: { says: { ok: true } } })).toEqual([
      ...['failed', 'block', 'OUTBOUND_UNAVAILABLE'],
    ]);
  });
});

it('an unknown key of an answer is a problem that names the known ones', () => {
  const text =
    'cases:\n  - {name: n, context: {}, judges: {fast: {say: yes}}, expect: {decision: none}}\n';
  const { problems } = parseTestFile('f', text);
  expect(problems).toMatchObject([
    { line: 2, message: expect.stringMatching(/Unknown key "say"\. Known: says, status, after/) },
  ]);
});
