/** Measures one event with an increasing number of hooks that run for it. */
import { evaluate, execute, type Hook, type Pool, parseHooksFile } from '../../src/index.ts';
import { withClosers } from '../closers.ts';
import { openSandboxPool } from '../contenders/in-process.ts';
import { sandboxes } from '../contenders/sandboxes.ts';
import { contextOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { smallContext } from '../side-by-side/matrix.ts';
import { image } from '../side-by-side/measure.ts';
import type { Curve, Series } from './results.ts';
import { p50Of } from './times.ts';

const counts = [1, 2, 4, 8, 16, 32] as const;
const orders = [
  { name: 'one after another (azure)', dialect: 'azure' },
  { name: 'at the same time (claude-code)', dialect: 'claude-code' },
] as const;

export function hooksPerEvent({ quick, interrupted }: BenchOptions): Promise<Curve[]> {
  return withClosers(async (closers) => {
    const pool = openSandboxPool(image, { max: sandboxes }, closers);
    const series: Series[] = [];
    for (const { name, dialect } of orders) {
      const points: Series['points'][number][] = [];
      for (const x of counts) {
        interrupted.throwIfAborted();
        const hooks = hooksOf(dialect, x);
        points.push({ x, y: await p50Of(quick ? 3 : 20, () => evaluateAll(pool, dialect, hooks)) });
      }
      series.push({ name, points, most: 1 });
    }
    const why =
      'Linear: each hook is a run of its own. At the same time gains what the second core gives, and with more hooks than sandboxes the rest waits.';
    return [{ title: 'Hooks per event', x: 'hooks', y: 'ms per event, p50', series, why }];
  });
}

/**
 * bash hooks with builtins only that do not object. All differ, because some dialects run identical
 * commands only once.
 */
function hooksOf(dialect: string, count: number): Hook[] {
  const entries = Array.from(
    { length: count },
    (_, at) => `    - {matcher: Bash, script: "#!/bin/bash\\nread -r context # ${at}"}`,
  );
  const file = `dialect: ${dialect}\nhooks:\n  PreToolUse:\n${entries.join('\n')}\n`;
  return parseHooksFile('bench', file).hooks.map(({ hook }) => hook);
}

async function evaluateAll(pool: Pool, dialect: string, hooks: readonly Hook[]): Promise<void> {
  const { dialect: rules } = parseHooksFile('bench', `dialect: ${dialect}\nhooks: {}`);
  const request = {
    dialect: rules,
    hooks,
    context: contextOf(smallContext).bytes,
    tenant: 'bench',
  };
  const { results } = await evaluate(request, (job, signal) => execute(pool, job, signal));
  const ran = results.filter(({ cause }) => cause.kind === 'exit-code').length;
  if (ran !== hooks.length)
    throw new Error(`${ran} of ${hooks.length} hooks ran: ${JSON.stringify(results[0])}`);
}
