/** Measures contexts and outputs of increasing size. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  evaluate,
  execute,
  openQueueRunner,
  parseHooksFile,
  type Runner,
} from '../../src/index.ts';
import { outputHeadBytes, runFacts } from '../../src/protocol/decision.ts';
import { type Closers, withClosers } from '../closers.ts';
import { openBare } from '../contenders/bare.ts';
import { openCluster } from '../contenders/cluster.ts';
import { type Contender, NotHere } from '../contenders/contender.ts';
import { overHttp } from '../contenders/http.ts';
import { evaluatedIn, openSandboxPool } from '../contenders/in-process.ts';
import { contextOf, dialect, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { kib, smallContext } from '../side-by-side/matrix.ts';
import { image } from '../side-by-side/measure.ts';
import type { Curve, Point, Series } from './results.ts';
import { p50Of } from './times.ts';

/** The last is just below the limit of 8 MiB. */
const contexts = [kib, 64 * kib, kib ** 2, 8 * kib ** 2 - 4 * kib] as const;
/** The queue truncates a result above 256 KiB, and a sandbox keeps at most 1 MiB of output. */
const outputs = [0, kib, 64 * kib, 256 * kib, kib ** 2] as const;

type Ways = ReadonlyMap<string, Contender['call']>;

export function sizes(options: BenchOptions): Promise<Curve[]> {
  return withClosers(async (closers) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'hookpool-bench-'));
    closers.add(() => rm(folder, { recursive: true, force: true }));
    const pool = openSandboxPool(image, { max: 2 }, closers);
    const ways = new Map<string, Contender['call']>();
    const runners = new Map<string, Runner>([
      ['hookpool tenant', (job, signal) => execute(pool, job, signal)],
    ]);
    ways.set('bare spawn', (await openBare({ folder })).call);
    ways.set('hookpool tenant', evaluatedIn(pool, 'tenant'));
    await addCluster(ways, runners, closers);
    return [await contextCurve(ways, options), await outputCurve(runners, options)];
  });
}

async function addCluster(
  ways: Map<string, Contender['call']>,
  runners: Map<string, Runner>,
  closers: Closers,
): Promise<void> {
  try {
    const { server, redis } = await openCluster(closers, { jobsAtOnce: 1, sandboxes: 2 });
    ways.set('hookpool HTTP + queue', overHttp(server.url, closers));
    const runner = await openQueueRunner({ redis: redis.settings });
    closers.add(() => runner.close());
    runners.set('hookpool queue', runner.run);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
  }
}

async function contextCurve(ways: Ways, { quick, interrupted }: BenchOptions): Promise<Curve> {
  const guard = guardOf('python3 JSON + regex');
  const series: Series[] = [];
  for (const [name, call] of ways) {
    const points: Point[] = [];
    for (const x of contexts) {
      interrupted.throwIfAborted();
      const context = contextOf(x);
      points.push({
        x: x / kib,
        y: await p50Of(quick ? 2 : x > kib ** 2 ? 5 : 20, () => call(guard, context)),
      });
    }
    series.push({ name, points, most: 1 });
  }
  const why =
    'Flat until 64 KiB, then linear: every byte is copied by each process on its way, and parsed where it is JSON (the server, the worker, the script).';
  return { title: 'Context', x: 'KiB', y: 'ms, p50', series, why };
}

async function outputCurve(
  runners: ReadonlyMap<string, Runner>,
  { quick, interrupted }: BenchOptions,
): Promise<Curve> {
  const series: Series[] = [];
  for (const [name, run] of runners) {
    const points: Point[] = [];
    for (const x of outputs) {
      interrupted.throwIfAborted();
      points.push({ x: x / kib, y: await p50Of(quick ? 2 : 20, () => print(x, run)) });
    }
    series.push({ name, points, most: 1 });
  }
  const why =
    'At most linear: output is read as it comes, 1 MiB of it is kept, and a result in the queue has at most 256 KiB.';
  return { title: 'Output', x: 'KiB', y: 'ms, p50', series, why };
}

/** Runs a script that prints `bytes` meaningless bytes. */
async function print(bytes: number, run: Runner): Promise<void> {
  const script = JSON.stringify(`#!/usr/bin/env python3\nprint("x" * ${bytes}, end="")`);
  const file = `hooks:\n  PreToolUse:\n    - {name: printer, matcher: Bash, failMode: block, script: ${script}}\n`;
  const hooks = parseHooksFile('bench', file).hooks.map(({ hook }) => hook);
  const { results } = await evaluate(
    { dialect, hooks, context: contextOf(smallContext).bytes, tenant: 'bench' },
    run,
  );
  const { status, stdoutHead } = runFacts(results[0]?.facts) ?? {};
  if (status === 'exited' && stdoutHead?.length === Math.min(bytes, outputHeadBytes)) return;
  throw new Error(`The script did not print ${bytes} bytes: ${JSON.stringify(results[0]?.cause)}`);
}
