/** The commands that an agent may start for an event, each as a process of its own. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startServer } from '../../test/support/server.ts';
import { imageRunner } from '../contenders/bare-image.ts';
import { outputOf, runChild } from '../contenders/child.ts';
import {
  end,
  main,
  openCluster,
  type RunningServer,
  store,
  untilReady,
} from '../contenders/cluster.ts';
import { type Missing, NotHere, type Surroundings } from '../contenders/contender.ts';
import { overHttp } from '../contenders/http.ts';
import type { BenchContext } from '../guards.ts';
import { backends, bare, bareImage, bridgeName, overHttpName } from './matrix.ts';
import { agent, type HookSetUnderTest } from './sets.ts';

/** Runs all hooks of a set on a context. Rejects unless the answer has the guard's objection. */
type FeltCall = (set: HookSetUnderTest, context: BenchContext) => Promise<void>;

export interface FeltField {
  readonly calls: ReadonlyMap<string, FeltCall>;
  readonly missing: readonly Missing[];
}

const root = path.join(import.meta.dirname, '../..');
const shellBridge = path.join(root, 'deploy/bridge/hookpool-hook.sh');
const nativeBridge = path.join(root, 'dist/native/hookpool-hook');

export async function openFeltField(
  around: Surroundings,
  sets: readonly HookSetUnderTest[],
): Promise<FeltField> {
  const calls = new Map<string, FeltCall>();
  const missing: Missing[] = [];
  const add = async (name: string, open: () => FeltCall | Promise<FeltCall>) => {
    try {
      calls.set(name, await open());
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      missing.push({ name, why: error.message });
    }
  };
  await add(bare, () => openBare(around, sets));
  await add(bareImage, () => openImage(around));
  for (const backend of backends) {
    const server = await serverOf(backend, around, sets).catch((error: unknown) => error);
    const url = () => {
      if (server instanceof Error) throw server;
      return (server as RunningServer).url;
    };
    await add(bridgeName('native', backend), () => native(url()));
    await add(bridgeName('sh', backend), () => shell(url()));
    await add(bridgeName('node', backend), () => node(url()));
    if (backend === 'queue') await add(overHttpName, () => http(url(), around));
  }
  return { calls, missing };
}

async function serverOf(
  backend: (typeof backends)[number],
  { closers }: Surroundings,
  sets: readonly HookSetUnderTest[],
): Promise<RunningServer> {
  const server = backend === 'queue' ? (await openCluster(closers)).server : await ownPool();
  if (backend === 'own pool') closers.add(() => end(server.child));
  await untilReady(server);
  for (const { name, file } of sets) await store(server, name, file);
  return server;
}

function ownPool(): Promise<RunningServer> {
  return startServer([], { HOOKPOOL_MAX: '9', HOOKPOOL_REDIS_URL: undefined });
}

/** An agent starts all hooks of an event at once, and waits for all of them. */
async function openBare(
  { folder }: Surroundings,
  sets: readonly HookSetUnderTest[],
): Promise<FeltCall> {
  const fileOf = ({ name }: HookSetUnderTest, at: number) => path.join(folder, `${name}-${at}`);
  for (const set of sets)
    for (const [at, script] of set.scripts.entries()) await writeFile(fileOf(set, at), script);
  return async (set, context) => {
    const last = set.scripts.length - 1;
    const runs = set.scripts.map((_, at) =>
      runChild(set.program, [fileOf(set, at)], context, {
        mustSay: at === last ? undefined : '',
      }),
    );
    await Promise.all(runs);
  };
}

async function openImage(around: Surroundings): Promise<FeltCall> {
  const run = await imageRunner(around);
  return ({ name, interpreter, scripts }, context) =>
    run({ hookset: name, interpreter, script: scripts[0] ?? '' }, context);
}

function native(url: string): FeltCall {
  if (!existsSync(nativeBridge))
    throw new NotHere(`${path.relative(root, nativeBridge)} is not built`);
  return ({ name }, context) => runChild(nativeBridge, optionsOf(name, url), context);
}

async function shell(url: string): Promise<FeltCall> {
  await outputOf('curl', '--version');
  const env = { ...process.env, HOOKPOOL_SERVER: url };
  return ({ name }, context) => runChild('/bin/sh', [shellBridge, agent, name], context, { env });
}

function node(url: string): FeltCall {
  return ({ name }, context) =>
    runChild(process.execPath, [main, 'hook', ...optionsOf(name, url)], context);
}

function optionsOf(hookset: string, url: string): string[] {
  return ['--dialect', agent, '--hookset', hookset, '--server', url];
}

function http(url: string, { closers }: Surroundings): FeltCall {
  const call = overHttp(url, closers);
  return ({ name }, context) => call({ hookset: name }, context);
}
