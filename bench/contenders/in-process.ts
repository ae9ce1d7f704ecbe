/**
 * hookpool as a library: the event is evaluated in this process, the script runs in a warm sandbox.
 */
import {
  evaluate,
  execute,
  HookpoolError,
  type Isolation,
  openPool,
  type Pool,
  type Runner,
} from '../../src/index.ts';
import type { Closers } from '../closers.ts';
import { dialect, expectBlock, tenant } from '../guards.ts';
import { type Contender, NotHere, type Surroundings } from './contender.ts';
import { sandboxes } from './sandboxes.ts';

export interface PooledContender extends Contender {
  readonly pool: Pool;
  readonly isolation: Isolation;
}

export async function openInProcess(
  { image, closers }: Surroundings,
  isolation: Isolation,
): Promise<PooledContender> {
  const pool = openSandboxPool(image, { max: sandboxes }, closers);
  // Fails here if the image is missing; later the error would only show as a guard that did not
  // block.
  (await pool.acquire(tenant, isolation)).release();
  return { name: `hookpool ${isolation}`, pool, isolation, call: evaluatedIn(pool, isolation) };
}

/** For guards of the profile `full`. @throws NotHere when the engine does not have its image. */
export async function openFullInProcess({
  image,
  closers,
}: Surroundings): Promise<PooledContender> {
  const isolation = 'tenant';
  const pool = openSandboxPool(image, { max: 3 }, closers);
  try {
    (await pool.acquire(tenant, isolation, { kind: { profile: 'full' } })).release();
  } catch (error) {
    if (!(error instanceof HookpoolError) || error.code !== 'IMAGE_MISSING') throw error;
    throw new NotHere(error.message);
  }
  return { name: 'hookpool tenant (full)', pool, isolation, call: evaluatedIn(pool, isolation) };
}

export function evaluatedIn(pool: Pool, isolation: Isolation): Contender['call'] {
  return evaluated((job, signal) => execute(pool, job, signal), isolation);
}

export function openSandboxPool(
  image: string,
  size: { readonly warm?: number; readonly max: number },
  closers: Closers,
): Pool {
  const pool = openPool({ image, ...size });
  closers.add(() => pool.drain());
  return pool;
}

/** The guard is the only hook of the event. */
export function evaluated(run: Runner, isolation: Isolation = 'tenant'): Contender['call'] {
  return async ({ hook }, { bytes }) =>
    expectBlock(await evaluate({ dialect, hooks: [hook], context: bytes, tenant, isolation }, run));
}
