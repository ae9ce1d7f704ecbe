/** Measures the time from a cold start to the first decision, for each way to run hookpool. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startServer } from '../../test/support/server.ts';
import { withClosers } from '../closers.ts';
import { end, main, openCluster } from '../contenders/cluster.ts';
import { NotHere, type Surroundings } from '../contenders/contender.ts';
import { overHttp } from '../contenders/http.ts';
import { evaluatedIn, openSandboxPool } from '../contenders/in-process.ts';
import { contextOf, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { median } from '../stats.ts';
import { smallContext } from './matrix.ts';
import type { StartUp } from './results.ts';

const guard = guardOf('python3 JSON + regex');
const times = 3;

export async function measureStartUp(
  { image, folder }: Surroundings,
  options: BenchOptions,
): Promise<StartUp[]> {
  const context = contextOf(smallContext);
  const inProcess = () =>
    withClosers((closers) =>
      timed(() =>
        evaluatedIn(openSandboxPool(image, { max: 2 }, closers), 'tenant')(guard, context),
      ),
    );
  const file = path.join(folder, 'start-up.yaml');
  await writeFile(file, guard.file);
  const command = () => timed(() => runCommand(file, context.bytes));
  const server = () =>
    withClosers((closers) =>
      timed(async () => {
        const running = await startServer([]);
        closers.add(() => end(running.child));
        const { status } = await running.ask('PUT', `/v1/hooksets/${guard.hookset}`, {
          text: guard.file,
          headers: { 'content-type': 'application/yaml' },
        });
        if (status !== 201) throw new Error(`The hook set was not taken: ${status}.`);
        await overHttp(running.url, closers)(guard, context);
      }),
    );
  const cluster = () =>
    withClosers((closers) =>
      timed(async () => {
        const { server: running } = await openCluster(closers);
        await overHttp(running.url, closers)(guard, context);
      }),
    );
  const ways: readonly (readonly [string, () => Promise<number>])[] = [
    ['a pool in a running process', inProcess],
    ['hookpool run, to its exit', command],
    ['hookpool serve', server],
    ['redis-server, hookpool worker and hookpool serve', cluster],
  ];
  const found: StartUp[] = [];
  // The last one takes longer than all others together, because a worker tests its limits first.
  for (const [what, once] of options.quick ? ways.slice(0, -1) : ways)
    found.push(...(await several(what, once, options)));
  return found;
}

/** Returns an empty list for a way that this machine does not support. */
async function several(
  what: string,
  once: () => Promise<number>,
  { quick, interrupted }: BenchOptions,
): Promise<StartUp[]> {
  const measured: number[] = [];
  try {
    while (measured.length < (quick ? 1 : times)) {
      interrupted.throwIfAborted();
      measured.push(await once());
    }
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    return [];
  }
  return [{ what, p50Ms: median(measured), n: measured.length }];
}

async function timed(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/** Runs the command until it exits, after it has removed its containers. */
async function runCommand(file: string, bytes: Buffer): Promise<void> {
  const child = spawn(process.execPath, [main, 'run', '--hooks', file], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stderr?.resume();
  child.stdin?.end(bytes);
  const [code] = await once(child, 'exit');
  if (code !== 2) throw new Error(`hookpool run ended with ${code}, not with 2.`);
}
