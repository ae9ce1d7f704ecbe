/**
 * Isolation `job` under continuous load needs a new container for every hook, so the engine is the
 * limit. Measures, in turns, hooks per second and the containers per second that the engine alone
 * creates, starts and removes from the same spec.
 */
import { hostname } from 'node:os';
import { Engine, type Pool } from '../../src/index.ts';
import { readSeccompProfile } from '../../src/sandbox/image.ts';
import { containerSpec, defaultLimits, drawJobUid, ownerLabel } from '../../src/sandbox/spec.ts';
import { withClosers } from '../closers.ts';
import { evaluatedIn, openSandboxPool } from '../contenders/in-process.ts';
import { contextOf, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { smallContext } from './matrix.ts';
import { callBy } from './race.ts';
import type { JobRate } from './results.ts';

/** Number of creations at once, the same as in the pool. */
const atOnce = 4;
const turns = 3;
const callsPerTurn = 16;
const quickCallsPerTurn = 6;

export function measureJobRate(
  image: string,
  { quick, interrupted }: BenchOptions,
): Promise<JobRate> {
  return withClosers(async (closers) => {
    const pool = openSandboxPool(image, { warm: atOnce, max: 2 * atOnce }, closers);
    const sum = { jobs: 0, jobSeconds: 0, made: 0, engineSeconds: 0 };
    for (let turn = 0; turn < (quick ? 1 : turns); turn++) {
      interrupted.throwIfAborted();
      const count = quick ? quickCallsPerTurn : callsPerTurn;
      sum.engineSeconds += await secondsOf(count, () => makeOne(image));
      sum.made += count;
      sum.jobSeconds += await jobSeconds(pool, count);
      sum.jobs += count;
    }
    return {
      jobsPerSecond: sum.jobs / sum.jobSeconds,
      enginePerSecond: sum.made / sum.engineSeconds,
    };
  });
}

/** Starts to count when all sandboxes that were ready before are used up. */
async function jobSeconds(pool: Pool, count: number): Promise<number> {
  const call = evaluatedIn(pool, 'job');
  const context = contextOf(smallContext);
  const guard = guardOf('python3 JSON + regex');
  let done = 0;
  let from = performance.now();
  const ready = atOnce;
  await callBy(atOnce, count + ready, async () => {
    await call(guard, context);
    if (++done === ready) from = performance.now();
  });
  return (performance.now() - from) / 1000;
}

async function makeOne(image: string): Promise<void> {
  const engine = new Engine();
  const jobUid = drawJobUid();
  const spec = containerSpec({
    image,
    seccompProfile: readSeccompProfile(),
    limits: defaultLimits,
    jobUid,
    labels: { [ownerLabel]: `${hostname()}:${process.pid}` },
  });
  const id = await engine.create(spec);
  await engine.start(id);
  await engine.remove(id);
}

async function secondsOf(count: number, action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await callBy(atOnce, count, action);
  return (performance.now() - started) / 1000;
}
