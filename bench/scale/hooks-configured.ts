/**
 * Measures files with an increasing number of hooks of which one matches: the cost of selecting it,
 * and of reading the file.
 */
import { evaluate, parseHooksFile } from '../../src/index.ts';
import { contextOf, dialect } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { smallContext } from '../side-by-side/matrix.ts';
import { runNothing } from './no-hook.ts';
import type { Curve, Point } from './results.ts';
import { p50Of } from './times.ts';

const counts = [10, 100, 1_000, 10_000] as const;

export async function hooksConfigured({ quick, interrupted }: BenchOptions): Promise<Curve[]> {
  const selecting: Point[] = [];
  const reading: Point[] = [];
  const context = contextOf(smallContext).bytes;
  for (const x of counts) {
    interrupted.throwIfAborted();
    const file = fileOf(x);
    const hooks = parseHooksFile('bench', file).hooks.map(({ hook }) => hook);
    const request = { dialect, hooks, context, tenant: 'bench' };
    const y = await p50Of(quick ? 20 : 200, async () => {
      const { results } = await evaluate(request, runNothing);
      if (results.length !== 1) throw new Error(`${results.length} hooks matched, not one.`);
    });
    selecting.push({ x, y });
    reading.push({
      x,
      y: await p50Of(quick || x > 1_000 ? 1 : 5, async () => parseHooksFile('bench', file)),
    });
  }
  const why =
    'Linear: every matcher is asked. They are compiled when the file is read, which happens once.';
  const series = (name: string, points: Point[]) => [{ name, points, most: 1 }];
  return [
    {
      title: 'Hooks configured: an event',
      x: 'hooks',
      y: 'ms per event, p50',
      series: series('selecting', selecting),
      why,
    },
    {
      title: 'Hooks configured: the file',
      x: 'hooks',
      y: 'ms',
      series: series('reading', reading),
      why,
    },
  ];
}

/** Writes the file as JSON, which is also YAML. The last hook matches. */
function fileOf(count: number): string {
  const hook = (_: unknown, at: number) => ({
    name: `hook-${at}`,
    matcher: at === count - 1 ? 'Bash' : `Tool${at}|mcp__server_${at}__.*`,
    script: '#!/bin/bash\nexit 0',
  });
  return JSON.stringify({ hooks: { PreToolUse: Array.from({ length: count }, hook) } });
}
