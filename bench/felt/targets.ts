/** What an agent may feel of its hooks, as data: ratios and differences within one run. */
import { type GuardName, guardNames } from '../guards.ts';
import { median } from '../stats.ts';
import type { Target } from '../targets/targets.ts';
import { bare, bareImage, bridgeName, overHttpName } from './matrix.ts';
import type { FeltTimes } from './results.ts';
import { timesOf } from './rows.ts';

export type FeltTarget = Omit<Target, 'measure'> & {
  /** @returns null if a contender of it was not measured. */
  readonly measure: (times: FeltTimes) => number | null;
};

const [python, jq] = guardNames;
const kib = 1024;
const mib = kib * kib;
const noise = { share: 0.25, plus: 0 } as const;
const pool = bridgeName('native', 'own pool');
const queue = bridgeName('native', 'queue');

interface Setting {
  readonly guard?: GuardName;
  readonly hooks?: number;
  readonly contextBytes?: number;
}

function p50(times: FeltTimes, method: string, setting: Setting = {}): number | null {
  const cell = { guard: python, hooks: 1, contextBytes: kib, ...setting, method };
  const found = timesOf(times, cell);
  return found === undefined || found.length === 0 ? null : median(found);
}

function share(
  id: string,
  text: string,
  most: number,
  [method, beside]: readonly [string, string],
  setting: Setting = {},
): FeltTarget {
  return {
    ...{ id, text, unit: '', bound: { most }, noise },
    measure: (times) => {
      const [above, below] = [p50(times, method, setting), p50(times, beside, setting)];
      return above === null || below === null ? null : above / below;
    },
  };
}

export const feltTargets: readonly FeltTarget[] = [
  share('felt-pool', `${pool}, python guard: p50 / bare python3`, 0.25, [pool, bare]),
  share('felt-queue', `${queue}, python guard: p50 / bare python3`, 0.38, [queue, bare]),
  share('felt-jq-host', `${pool}, bash + jq: p50 / bare, this machine's jq`, 0.3, [pool, bare], {
    guard: jq,
  }),
  share('felt-jq-same', `${pool}, bash + jq: p50 / bare, the image's jq`, 0.9, [pool, bareImage], {
    guard: jq,
  }),
  share('http-64k', 'HTTP + queue, python guard, 64 KiB: p50 / bare', 0.35, [overHttpName, bare], {
    contextBytes: 64 * kib,
  }),
  share('http-1m', 'HTTP + queue, python guard, 1 MiB: p50 / bare', 0.8, [overHttpName, bare], {
    contextBytes: mib,
  }),
  {
    id: 'further-hook-1m',
    text: 'HTTP + queue, 1 MiB: what each of three further hooks adds to p50 / p50 of one hook',
    unit: '',
    bound: { most: 0.25 },
    noise: { share: 0.25, plus: 0.05 },
    measure: (times) => {
      const [one, four] = [1, 4].map((hooks) =>
        p50(times, overHttpName, { hooks, contextBytes: mib }),
      );
      return one == null || four == null ? null : (four - one) / 3 / one;
    },
  },
];
