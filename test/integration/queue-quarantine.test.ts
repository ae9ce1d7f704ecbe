/** How workers run a script in quarantine, with a real Redis. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scriptOf } from '../../src/protocol/action.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { endTrial, permitTrial } from '../../src/queue/trial.ts';
import { recordKey, scriptNameOf, trialKey } from '../../src/redis/keys.ts';
import { loseWorkers } from '../support/lost-workers.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

const queue = 'hooks';
let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

const gone = { code: 'SANDBOX_LOST', message: 'gone' } as const;
const lose = async (job: CommandJob) => decide(job.dialect, job.hook, gone);
const nameOf = (source: string, tenant = 'test') =>
  scriptNameOf(tenant, { runtime: 'bash', source });

describe('a script that costs two sandboxes their life', () => {
  test('is tried in a fresh one each time, and runs as ever after a success', async () => {
    const isolations: string[] = [];
    let lost = 0;
    rig.worker({
      execute: (job) => {
        isolations.push(job.isolation);
        return scriptOf(job.hook)?.source.includes('poison') === true && lost++ < 4
          ? lose(job)
          : playScript(job);
      },
    });
    const runner = await rig.runner();
    const guard = bashHook('poison\nreason: caught', { failMode: 'allow' });
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push(await ask(runner, guard));
    expect(answers.map((one) => codeOf(one) ?? one.decision.decision)).toEqual([
      'SANDBOX_LOST',
      'SANDBOX_LOST',
      'SANDBOX_LOST',
      'SANDBOX_LOST',
      'block',
      'block',
    ]);
    expect(isolations).toEqual(['tenant', 'tenant', 'job', 'job', 'job', 'tenant']);
  });

  test('of one tenant says nothing about the same script of another', async () => {
    const isolations = new Map<string, string>();
    rig.worker({
      execute: (job) => {
        isolations.set(job.tenant, job.isolation);
        return job.tenant === 'a' ? lose(job) : playScript(job);
      },
    });
    const runner = await rig.runner();
    for (let n = 0; n < 3; n++) await ask(runner, bashHook('reason: same'), 5_000, 'a');
    const answer = await ask(runner, bashHook('reason: same'), 5_000, 'b');
    expect(answer.decision).toMatchObject({ decision: 'block', reason: 'same' });
    expect(Object.fromEntries(isolations)).toEqual({ a: 'job', b: 'tenant' });
  });

  test('is known to a worker that has never run it', async () => {
    const bad = rig.worker({ execute: lose });
    const runner = await rig.runner();
    for (let n = 0; n < 2; n++)
      expect(codeOf(await ask(runner, bashHook('poison')))).toBe('SANDBOX_LOST');
    await bad.close();
    const isolations: string[] = [];
    rig.worker({
      execute: (job) => {
        isolations.push(job.isolation);
        return playScript(job);
      },
    });
    expect((await ask(runner, bashHook('poison'))).decision.decision).toBe('none');
    expect(isolations).toEqual(['job']);
  });

  test('side by side on one worker is one loss: it was its engine that went away', async () => {
    const isolations: string[] = [];
    rig.worker({
      execute: async (job) => {
        isolations.push(job.isolation);
        await playScript(job);
        return lose(job);
      },
    });
    const runner = await rig.runner();
    const hooks = ['a', 'b', 'c'].map((name) => bashHook('sleep 200', { name }));
    await Promise.all(hooks.map((hook) => ask(runner, hook, 5_000)));
    await ask(runner, bashHook('sleep 200'));
    expect(isolations).toEqual(['tenant', 'tenant', 'tenant', 'tenant']);
    await ask(runner, bashHook('sleep 200'));
    expect(isolations.at(-1)).toBe('job');
  });
});

describe('a run that was permitted when its script had cost sandboxes only', () => {
  const tried = { tenant: 'test', script: 's' };

  test.each([true, false])(
    'leaves the proofs and the trial of one that has cost workers since (harmless: %s)',
    async (harmless) => {
      await loseWorkers(rig.redis, ['s'], ['s']);
      await rig.redis.use(async (client) => {
        await client.hset(recordKey(queue, 's'), 'trialFrom', 1);
        await permitTrial(client, queue, tried);
        const before = await client.hgetall(recordKey(queue, 's'));
        expect(before).toMatchObject({ kind: 'worker', proofs: '2' });
        expect(await endTrial(client, queue, tried, 'sandbox', harmless)).toBe(false);
        expect(await client.hgetall(recordKey(queue, 's'))).toEqual(before);
        expect(await client.get(trialKey(queue, 'test'))).toBe('s');
      });
    },
  );

  test('clears one that has cost no worker, and leaves the trial that is kept under its tenant', async () => {
    await rig.redis.use(async (client) => {
      await client.hset(recordKey(queue, 's'), 'kind', 'sandbox', 'sandboxes', 2);
      await client.set(trialKey(queue, 'test'), 's', 'PX', 60_000);
      expect(await endTrial(client, queue, tried, 'sandbox', true)).toBe(true);
      expect(await client.exists(recordKey(queue, 's'))).toBe(0);
      expect(await client.exists(trialKey(queue, 'test'))).toBe(1);
    });
  });
});

describe('a script in quarantine for the loss of workers', () => {
  test('is tried alone on the worker: none runs beside it, and none begins while it is young', async () => {
    await loseWorkers(rig.redis, [nameOf('sleep 300\nreason: caught')]);
    const running = new Set<string>();
    const seen: string[][] = [];
    rig.worker({
      execute: async (job) => {
        const name = job.hook.name;
        running.add(name);
        if (name === 'suspect') seen.push([...running, job.isolation]);
        const result = await playScript(job);
        if (name === 'suspect') seen.push([...running]);
        running.delete(name);
        return result;
      },
    });
    const runner = await rig.runner();
    const slow = ask(runner, bashHook('sleep 900', { name: 'slow' }), 10_000, 'other');
    await vi.waitFor(() => expect(running).toEqual(new Set(['slow'])), { timeout: 3_000 });
    const suspect = ask(
      runner,
      bashHook('sleep 300\nreason: caught', { name: 'suspect', failMode: 'allow' }),
    );
    await vi.waitFor(() => expect(seen.length).toBe(1), { timeout: 5_000, interval: 5 });
    const beside = ask(runner, bashHook('reason: soon', { name: 'beside' }), 5_000, 'other');
    expect((await suspect).decision).toMatchObject({ decision: 'block', reason: 'caught' });
    expect(seen).toEqual([['suspect', 'job'], ['suspect']]);
    expect((await beside).decision.reason).toBe('soon');
    await slow;
  });

  test('does not keep the others waiting for longer than 2 s', async () => {
    await loseWorkers(rig.redis, [nameOf('sleep 6000')]);
    rig.worker();
    const runner = await rig.runner();
    const suspect = ask(runner, bashHook('sleep 6000'), 10_000, 'test');
    await vi.waitFor(
      async () => expect(await rig.redis.use((c) => c.exists(trialKey(queue, 'test')))).toBe(1),
      {
        timeout: 3_000,
      },
    );
    const { tookMs } = await ask(runner, bashHook('reason: soon'), 5_000, 'other');
    expect(tookMs).toBeLessThan(2_500);
    await suspect;
  });

  test('that was lost in its trial is not tried again before its time: QUARANTINED says when it will be', async () => {
    await loseWorkers(rig.redis, [nameOf('reason: caught')]);
    await rig.redis.use(async (client) => {
      await permitTrial(client, queue, { tenant: 'test', script: nameOf('reason: caught') });
      await loseWorkers(rig.redis, [nameOf('reason: caught')]);
      await client.del(trialKey(queue, 'test'));
    });
    rig.worker();
    const runner = await rig.runner();
    const early = await ask(runner, bashHook('reason: caught'), 3_000);
    expect(codeOf(early)).toBe('QUARANTINED');
    expect(early.decision.results[0]?.cause).toMatchObject({
      message: expect.stringMatching(
        /since 2 workers were lost while it ran alone\. Its next trial is in \d+\.\d s; the evaluation has [23]\.\d s left\./,
      ),
    });
    // With time enough it waits for its turn.
    expect((await ask(runner, bashHook('reason: caught'), 14_000)).decision.reason).toBe('caught');
  });
});
