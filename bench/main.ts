/** `npm run bench [-- guards|queue|bridge] [--quick] [--json]` */
import { parseArgs } from 'node:util';
import { HookpoolError, UnavailableError } from '../src/index.ts';
import { benchBridge } from './bridge.ts';
import { benchGuards } from './guards.ts';
import { benchQueue } from './queue.ts';

const benchmarks = { guards: benchGuards, queue: benchQueue, bridge: benchBridge };
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

try {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, quick: { type: 'boolean' } },
    allowPositionals: true,
  });
  const name = positionals[0] ?? 'guards';
  if (!Object.hasOwn(benchmarks, name) || positionals.length > 1) {
    console.error(`Name one of: ${Object.keys(benchmarks).join(', ')}.`);
    process.exitCode = 64;
  } else {
    const { json = false, quick = false } = values;
    await benchmarks[name as keyof typeof benchmarks]({ json, quick, interrupted: interrupt.signal });
  }
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exitCode = 130;
  } else if (error instanceof HookpoolError) {
    console.error(`${error.message} (${error.code})`);
    process.exitCode = error instanceof UnavailableError ? 75 : 70;
  } else {
    throw error;
  }
}
