/**
 * Compares results with the baseline (--check), or stores them as the baseline (--write-baseline).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BenchOptions } from '../options.ts';
import { plainTable } from '../report/table.ts';
import { comparisonRows } from '../report/target-rows.ts';
import { type Baseline, type Compared, compare, type Values } from './check.ts';
import { rangesOf } from './ranges.ts';
import type { Measured } from './readings.ts';
import { targets, verdictOf } from './targets.ts';

const file = path.join(import.meta.dirname, '../baseline.json');

/** The values of one run, for the targets that it can measure. */
interface Judged extends Pick<Baseline, 'date' | 'cpus'>, Values {
  readonly targets: readonly Compared[];
}

/** @returns as judgeValues(). */
export function judge(measured: Measured, options: BenchOptions): number {
  const values = new Map(targets.map((target) => [target.id, target.measure(measured)]));
  const { date, machine } = measured.sideBySide;
  const ranges = rangesOf(targets, measured);
  return judgeValues({ targets, values, ranges, date, cpus: machine.cpus }, options);
}

/** @returns the exit code: 1 if a value got worse, 64 without a baseline. */
export function judgeValues(judged: Judged, options: BenchOptions): number {
  if (options.writeBaseline) writeBaseline(judged);
  if (!options.check) return 0;
  if (!existsSync(file)) {
    console.error(
      'There is no bench/baseline.json: `npm run bench -- --write-baseline` makes it, on a quiet machine.',
    );
    return 64;
  }
  const baseline = JSON.parse(readFileSync(file, 'utf8')) as Baseline;
  const comparisons = compare(judged.targets, judged, baseline);
  if (!options.json) console.log(`\n${plainTable(comparisonRows(comparisons), 6)}`);
  const open = comparisons.filter(({ verdict }) => verdict === 'cannot tell');
  if (open.length > 0)
    console.error(
      `Cannot tell whether ${open.length} of ${comparisons.length} got worse: run it again on a quiet machine.`,
    );
  const worse = comparisons.filter(({ verdict }) => verdict === 'worse');
  for (const { target } of worse)
    console.error(`Got worse than on ${baseline.date}: ${target.text}`);
  return worse.length === 0 ? 0 : 1;
}

/** The output of `targets --json`. */
export function targetValues(measured: Measured): object[] {
  return targets.map((target) => {
    const value = target.measure(measured);
    return {
      id: target.id,
      text: target.text,
      unit: target.unit,
      ...target.bound,
      value,
      verdict: verdictOf(target, value),
    };
  });
}

/** Keeps the old value of each target that was not measured. */
function writeBaseline({ values, date, cpus }: Judged): void {
  const old = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Baseline).values : {};
  const fresh = [...values].flatMap(([id, value]) =>
    value === null ? [] : [[id, Number(value.toPrecision(4))] as const],
  );
  const baseline: Baseline = {
    date,
    cpus,
    values: { ...old, ...Object.fromEntries(fresh) },
  };
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
}
