/**
 * Measures what the packages of the judges' formats cost a process once: it loads them with its
 * first question. Each time is that of a new process which has everything else loaded already.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchOptions } from '../options.ts';
import { median } from '../stats.ts';
import type { Loaded } from './results.ts';

const before = path.join(import.meta.dirname, '../../src/cli/judges.ts');
/** The first loads nothing more: its memory is that of the process without packages. */
const ways: readonly (readonly [what: string, ...packages: string[]])[] = [
  ['nothing'],
  ['the package of openai-chat and azure', '@ai-sdk/openai-compatible'],
  ['the package of anthropic-messages', '@ai-sdk/anthropic'],
  ['both', '@ai-sdk/openai-compatible', '@ai-sdk/anthropic'],
];
const times = 9;

/** Prints the milliseconds of the packages and the resident bytes after them. */
const script = (packages: readonly string[]) => `
await import(${JSON.stringify(before)});
const started = performance.now();
for (const name of ${JSON.stringify(packages)}) await import(name);
const ms = performance.now() - started;
gc();
console.log(JSON.stringify({ ms, bytes: process.memoryUsage.rss() }));`;

export async function measureLoading({ quick, interrupted }: BenchOptions): Promise<Loaded[]> {
  const found = ways.map(() => ({ ms: [] as number[], bytes: [] as number[] }));
  for (let round = 0; round < (quick ? 1 : times); round++) {
    for (const [at, [, ...packages]] of ways.entries()) {
      interrupted.throwIfAborted();
      const args = ['--expose-gc', '--import=tsx', '--input-type=module', '-e', script(packages)];
      const cwd = path.join(import.meta.dirname, '../..');
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
      const { ms, bytes } = JSON.parse(stdout) as { readonly ms: number; readonly bytes: number };
      found[at]?.ms.push(ms);
      found[at]?.bytes.push(bytes);
    }
  }
  const bytesOf = (at: number) => median(found[at]?.bytes ?? []);
  return ways.slice(1).map(([what], at) => {
    const { ms = [] } = found[at + 1] ?? {};
    return {
      ...{ what, p50Ms: median(ms), rangeMs: [Math.min(...ms), Math.max(...ms)] },
      ...{ bytes: bytesOf(at + 1) - bytesOf(0), n: ms.length },
    };
  });
}
