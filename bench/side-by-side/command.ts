/**
 * `npm run bench [-- side-by-side|targets|soak]`: measures, prints, and with options stores or
 * compares the results.
 */
import { mkdirSync } from 'node:fs';
import type { BenchOptions } from '../options.ts';
import { latencySvg, readmeLines, sideBySidePage } from '../report/pages.ts';
import { absentLines, headlineRows, memoryRows, resultRows, wordColumns } from '../report/rows.ts';
import { figure, markdownTable, plainTable } from '../report/table.ts';
import { targetRows } from '../report/target-rows.ts';
import { measureSoak } from '../soak.ts';
import { folder, readStored, writeBlock, writeStored, writeText } from '../stored.ts';
import { judge, targetValues } from '../targets/command.ts';
import type { Measured } from '../targets/readings.ts';
import { targetMatrix, wholeMatrix } from './matrix.ts';
import { measureSideBySide } from './measure.ts';
import type { SideBySide } from './results.ts';

/** @returns the exit code. */
export async function sideBySideCommand(options: BenchOptions): Promise<number> {
  const sideBySide = await measureSideBySide(wholeMatrix(), options);
  const measured = { sideBySide, soak: readStored('soak') };
  if (options.json) console.log(JSON.stringify(withoutTimes(sideBySide), null, 2));
  else print(measured, options);
  if (options.write) write(measured);
  return judge(measured, options);
}

/** @returns the exit code. */
export async function targetsCommand(options: BenchOptions): Promise<number> {
  const sideBySide = options.stored
    ? readStored('side-by-side')
    : await measureSideBySide(targetMatrix(), options, { startUp: false });
  if (sideBySide === null) {
    console.error(
      'Nothing is stored: run `npm run bench -- --write` first, or leave out --stored.',
    );
    return 64;
  }
  const measured = { sideBySide, soak: readStored('soak') };
  console.log(
    options.json
      ? JSON.stringify(targetValues(measured), null, 2)
      : tableOf(options)(targetRows(measured), 4),
  );
  return judge(measured, options);
}

/** @returns the exit code. */
export async function soakCommand(options: BenchOptions): Promise<number> {
  const soak = await measureSoak(options);
  if (options.json) console.log(JSON.stringify(soak, null, 2));
  else {
    const mib = (bytes: number) => figure(bytes / 2 ** 20);
    const rows = soak.points.map(({ hooks, workerBytes, serverBytes }) => [
      figure(hooks),
      mib(workerBytes),
      mib(serverBytes),
    ]);
    console.log(plainTable([['hooks', 'worker MiB', 'server MiB'], ...rows], 0));
    console.log(`\nThe worker's memory at the end / after the first 1,000: ${figure(soak.ratio)}`);
  }
  if (options.write) {
    writeStored('soak', soak);
    const sideBySide = readStored('side-by-side');
    if (sideBySide !== null) write({ sideBySide, soak });
  }
  return 0;
}

function withoutTimes(sideBySide: SideBySide): SideBySide {
  return { ...sideBySide, rows: sideBySide.rows.map(({ timesMs: _, ...row }) => row) };
}

function tableOf({ markdown }: BenchOptions): typeof plainTable {
  return markdown ? markdownTable : plainTable;
}

function print(measured: Measured, options: BenchOptions): void {
  const table = tableOf(options);
  const { machine, seconds, cpu } = measured.sideBySide;
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(6)}  ${value}`);
  console.log(`\n${table(resultRows(measured.sideBySide), wordColumns)}\n`);
  if (options.markdown) console.log(`${table(headlineRows(measured.sideBySide), 1)}\n`);
  console.log(`${table(memoryRows(measured.sideBySide), 1)}\n`);
  console.log(`${table(targetRows(measured), 4)}\n`);
  for (const line of absentLines(measured.sideBySide)) console.log(line);
  console.log(
    `CPU seconds from ${cpu.source}; ${figure(cpu.backgroundPerSecond)} s per second while nothing ran are left out.`,
  );
  console.log(`Took ${seconds.toFixed(0)} s.`);
}

function write(measured: Measured): void {
  const { sideBySide } = measured;
  mkdirSync(folder, { recursive: true });
  writeStored('side-by-side', withoutTimes(sideBySide));
  writeText('docs/benchmarks/side-by-side.md', sideBySidePage(measured));
  writeText('docs/benchmarks/latency.svg', latencySvg(sideBySide));
  if (!sideBySide.quick) writeBlock('README.md', 'speed', readmeLines(sideBySide));
}
