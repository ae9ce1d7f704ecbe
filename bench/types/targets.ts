/** What a hook of each type may cost beside its bare request, within one run. */
import { minus, ratio } from '../targets/readings.ts';
import type { Target } from '../targets/targets.ts';
import { typeRows } from './matrix.ts';
import type { Types } from './results.ts';

type TypeTarget = Omit<Target, 'measure'> & {
  /** @returns null if a contender of it was not measured. */
  readonly measure: (types: Types) => number | null;
};

const noise = { share: 0.25, plus: 0.3 } as const;

function p50({ rows }: Types, method: string): number | null {
  return rows.find((row) => row.method === method)?.p50Ms ?? null;
}

function beside(method: string): string {
  return String(typeRows.find((row) => row.method === method)?.bare);
}

/** The milliseconds that hookpool adds. */
function added(id: string, method: string, most: number): TypeTarget {
  return {
    ...{ id, unit: 'ms', bound: { most }, noise },
    text: `${method}: p50 - ${beside(method)}`,
    measure: (types) => minus(p50(types, method), p50(types, beside(method))),
  };
}

export const typeTargets: readonly TypeTarget[] = [
  {
    id: 'callable-latency',
    text: 'hookpool callable: p50 / bare python3',
    unit: '',
    bound: { most: 0.25 },
    noise: { share: 0.25, plus: 0 },
    measure: (types) => ratio(p50(types, 'hookpool callable'), p50(types, 'bare python3')),
  },
  added('http-added', 'hookpool http', 1.5),
  added('http-tls-added', 'hookpool http, TLS', 1.5),
  added('prompt-added', 'hookpool prompt', 2.5),
  {
    id: 'agent-added',
    text: 'hookpool agent: p50 - two bare questions - hookpool ReadFile alone',
    unit: 'ms',
    bound: { most: 4 },
    noise,
    measure: (types) =>
      minus(
        minus(p50(types, 'hookpool agent'), p50(types, 'two bare questions')),
        p50(types, 'hookpool ReadFile alone'),
      ),
  },
];
