import { expect, test } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import type { Job } from '../../src/protocol/job.ts';
import type { JudgeAction } from '../../src/protocol/judge-action.ts';
import { emptyRun, type RunRequest } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import type { Backend } from '../../src/server/deps.ts';
import { fairBackend } from '../../src/server/fair-backend.ts';
import { TenantShares } from '../../src/server/shares.ts';
import { sampleHook } from '../protocol/samples.ts';

const request: RunRequest = {
  ...{ runtime: 'python3', script: Buffer.alloc(1), stdin: Buffer.alloc(1) },
  ...{ transcript: undefined, limits: { timeoutMs: 1, stdoutBytes: 1, stderrBytes: 1 } },
};
const action: JudgeAction = {
  ...{ kind: 'agent', prompt: 'p', tools: ['ReadFile'], maxTurns: 2, settings: {} },
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the tools of judges have turns with the scripts of their tenant', async () => {
  const running: string[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const backend: Backend = {
    run: () => Promise.reject(new Error('no hook')),
    runScript: async ({ tenant }) => {
      running.push(tenant);
      await released;
      return { run: emptyRun('exited', 1), leaseMs: 0, ranIn: { container: 'x' } };
    },
    // A judge that uses one tool before it answers.
    judgeWith: (runScript) => async (job, signal) => {
      const { tenant, isolation } = job;
      await runScript({ tenant, isolation, request }, signal);
      return decide(job.dialect, job.hook, { code: 'DEADLINE', message: '' });
    },
    checkScript: async () => undefined,
    whyNotReady: async () => undefined,
    capacity: 8,
  };
  const fair = fairBackend(backend, 8, new TenantShares(['a', 'b']));
  const ask = (tenant: string) => {
    const job: Job<JudgeAction> = {
      ...{ dialect: azure, hook: { ...sampleHook({}), action }, tenant },
      ...{ isolation: 'tenant', context: Buffer.alloc(1), transcript: undefined },
    };
    return fair.judge?.(job, new AbortController().signal) ?? expect.unreachable();
  };
  const asked = Array.from({ length: 8 }, () => ask('a'));
  await settled();
  expect(running).toEqual(Array(4).fill('a'));
  const others = Array.from({ length: 4 }, () => ask('b'));
  await settled();
  expect(running.slice(4)).toEqual(Array(4).fill('b'));
  release();
  await Promise.all([...asked, ...others]);
});
