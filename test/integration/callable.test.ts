/** Callable hooks in real sandboxes: every conformance case runs as it was recorded. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runFacts } from '../../src/protocol/decision.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { callableCases, decisionOn, expectDecision } from '../conformance/callable-case.ts';
import { testPool } from '../support/pool.ts';

let pool: Pool;

beforeAll(() => {
  pool = testPool({ max: 2 });
});

afterAll(() => pool.drain());

test.each(callableCases.map((one) => [one.id, one] as const))('runs: %s', async (_, one) => {
  const decision = await decisionOn(one, (at) => async (job, signal) => {
    const result = await execute(pool, job, signal);
    const { timedOut, exitCode, stdout } = one.observed[at] ?? {};
    const facts = runFacts(result.facts);
    if (timedOut === true) expect(facts?.status).toBe('timed-out');
    else expect(facts).toMatchObject({ exitCode, stdoutHead: stdout });
    return result;
  });
  expectDecision(decision, one);
});
