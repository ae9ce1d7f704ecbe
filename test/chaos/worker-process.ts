/**
 * A worker with real sandboxes in a process of its own, to be killed. Prints `takes jobs`, and
 * where it is told to hold, `held`: it goes no further from there.
 */
import { scriptOf } from '../../src/protocol/action.ts';
import { openWorker } from '../../src/queue/worker.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { execute } from '../../src/sandbox/execute.ts';
import { testPool } from '../support/pool.ts';
import type { Hold } from './worker-processes.ts';

const [url = '', name = '', hold] = process.argv.slice(2) as [string, string, Hold];

/** Makes containers and never starts them. */
class HoldingEngine extends Engine {
  override start(): Promise<void> {
    return stop();
  }
}

// None kept ready: killed between create and start of a spare one, it would leave it to the reaper.
const pool = testPool({
  warm: 0,
  max: 2,
  engine: hold === 'before the start' ? new HoldingEngine() : new Engine(),
});
const worker = openWorker({
  redis: { url },
  name,
  concurrency: 2,
  execute: async (job, signal) => {
    const result = await execute(pool, job, signal);
    if (hold === 'dies of poison' && scriptOf(job.hook)?.source.includes('poison'))
      process.kill(process.pid, 'SIGKILL');
    block(Number(/^blocked for (\d+) s$/.exec(hold)?.[1] ?? 0));
    return hold === 'before the report' ? stop() : result;
  },
});
console.log(`${worker.name} takes jobs`);

/** The thread answers nobody meanwhile, as in a long computation, but leaves the core to other tests. */
function block(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1_000);
}

function stop(): Promise<never> {
  console.log('held');
  return new Promise(() => undefined);
}
