/** A worker with real sandboxes in a process of its own, to be killed. Prints a line when it takes jobs. */
import { openWorker } from '../../src/queue/worker.ts';
import { execute } from '../../src/sandbox/execute.ts';
import { testPool } from '../support/pool.ts';

const [url = '', name = ''] = process.argv.slice(2);
// None kept ready: killed between create and start of a spare one, it would leave it to the reaper.
const pool = testPool({ warm: 0, max: 2 });
const worker = openWorker({ redis: { url }, name, concurrency: 2, execute: (job, signal) => execute(pool, job, signal) });
console.log(`${worker.name} takes jobs`);
