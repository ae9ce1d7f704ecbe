/** Opens all contenders, in the order of the table, and records why some of them are missing. */
import { openQueueRunner } from '../../src/index.ts';
import { openBare } from './bare.ts';
import { openBareImage } from './bare-image.ts';
import { openNodeBridge, openShellBridge } from './bridge.ts';
import { openBubblewrap } from './bubblewrap.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { type Contender, type Missing, NotHere, type Surroundings } from './contender.ts';
import { openDockerExec } from './docker-exec.ts';
import { openDockerRun } from './docker-run.ts';
import { openDockerode } from './dockerode.ts';
import { floorName, openFloor } from './floor.ts';
import { overHttp } from './http.ts';
import { evaluated, openFullInProcess, openInProcess, type PooledContender } from './in-process.ts';
import { openRunc } from './runc.ts';

export interface Field {
  readonly contenders: ReadonlyMap<string, Contender>;
  readonly missing: readonly Missing[];
  /** Contenders whose pools must be full again before the next contender's turn. */
  readonly pooled: readonly PooledContender[];
  /** undefined without Redis. */
  readonly cluster: Cluster | undefined;
}

/** @param wanted names of the contenders to open; all others stay closed. */
export async function openField(around: Surroundings, wanted: ReadonlySet<string>): Promise<Field> {
  const contenders = new Map<string, Contender>();
  const missing: Missing[] = [];
  const pooled: PooledContender[] = [];
  const { closers } = around;
  let cluster: Cluster | undefined;
  const add = async (name: string, open: () => Contender | Promise<Contender>) => {
    if (!wanted.has(name)) return;
    try {
      contenders.set(name, await open());
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      missing.push({ name, why: error.message });
    }
  };
  const inCluster = async () => {
    cluster ??= await openCluster(closers);
    return cluster;
  };
  const keepPool = (contender: PooledContender) => {
    pooled.push(contender);
    return contender;
  };
  await add('bare spawn', () => openBare(around));
  await add('bare spawn (image)', () => openBareImage(around));
  await add('bubblewrap', () => openBubblewrap());
  await add('runc run', () => openRunc(around));
  await add('docker exec', () => openDockerExec(around));
  await add('dockerode', () => openDockerode(around));
  await add('docker run --rm', () => openDockerRun(around));
  await add('hookpool tenant', async () => keepPool(await openInProcess(around, 'tenant')));
  await add('hookpool tenant (full)', async () => keepPool(await openFullInProcess(around)));
  await add('hookpool job', async () => keepPool(await openInProcess(around, 'job')));
  await add('hookpool queue', async () => {
    const runner = await openQueueRunner({ redis: (await inCluster()).redis.settings });
    closers.add(() => runner.close());
    return { name: 'hookpool queue', call: evaluated(runner.run) };
  });
  await add('hookpool HTTP + queue', async () => {
    const { server } = await inCluster();
    return { name: 'hookpool HTTP + queue', call: overHttp(server.url, closers) };
  });
  await add(floorName, async () => openFloor(await inCluster(), closers));
  await add('bridge (sh)', async () => openShellBridge((await inCluster()).server.url));
  await add('bridge (node)', async () => openNodeBridge((await inCluster()).server.url));
  return { contenders, missing, pooled, cluster };
}
