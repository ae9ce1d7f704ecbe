/** `npm run bench -- felt`: measures what an agent waits for, prints it, and stores it with --write. */
import { mkdirSync } from 'node:fs';
import { intervalOf, resample } from '../bootstrap.ts';
import type { BenchOptions } from '../options.ts';
import {
  feltPage,
  feltTable,
  feltTargetRows,
  type JudgedFelt,
  readmeFelt,
  wordColumns,
} from '../report/felt-page.ts';
import { figure, markdownTable, plainTable } from '../report/table.ts';
import { folder, writeBlock, writeStored, writeText } from '../stored.ts';
import { judgeValues } from '../targets/command.ts';
import { feltMatrix } from './matrix.ts';
import { measureFelt } from './measure.ts';
import type { Felt, FeltTimes } from './results.ts';
import { feltRows } from './rows.ts';
import { judgedStarts, measureStarts } from './starts.ts';
import { feltTargets } from './targets.ts';

/** @returns the exit code. */
export async function feltCommand(options: BenchOptions): Promise<number> {
  const { times, ...about } = await measureFelt(feltMatrix(), options);
  const date = new Date().toISOString().slice(0, 10);
  const felt: Felt = { date, quick: options.quick, ...about, rows: feltRows(times) };
  const judged: JudgedFelt[] = [
    ...feltTargets.map((target) => ({
      target,
      value: target.measure(times),
      range: intervalOf((random) => target.measure(resampled(times, random))),
    })),
    ...judgedStarts(measureStarts(options)),
  ];
  if (options.json) console.log(JSON.stringify(felt, null, 2));
  else print(felt, judged, options.markdown ? markdownTable : plainTable);
  if (options.write) {
    mkdirSync(folder, { recursive: true });
    writeStored('felt', felt);
    writeText('docs/benchmarks/felt.md', feltPage(felt, judged));
    writeBlock('README.md', 'felt', readmeFelt(felt));
  }
  const values = new Map(judged.map(({ target, value }) => [target.id, value]));
  const ranges = new Map(judged.map(({ target, range }) => [target.id, range]));
  const { cpus } = felt.machine;
  return judgeValues(
    { targets: judged.map(({ target }) => target), values, ranges, date, cpus },
    options,
  );
}

function resampled(times: FeltTimes, random: () => number): FeltTimes {
  return new Map([...times].map(([cell, own]) => [cell, resample(own, random)]));
}

function print(felt: Felt, judged: readonly JudgedFelt[], table: typeof plainTable): void {
  for (const [name, value] of Object.entries(felt.machine))
    console.log(`${name.padEnd(6)}  ${value}`);
  console.log(`\n${table(feltTable(felt), wordColumns)}\n`);
  console.log(`${table(feltTargetRows(judged), 2)}\n`);
  for (const { name, why } of felt.missing) console.log(`not measured: ${name} (${why})`);
  console.log(`Took ${figure(felt.seconds)} s.`);
}
