/** `npm run bench -- types`: measures the types of hooks, prints them, and stores them with --write. */
import { mkdirSync } from 'node:fs';
import type { BenchOptions } from '../options.ts';
import { figure, markdownTable, plainTable } from '../report/table.ts';
import { loadedRows, typeRowsOf, typesPage, wordColumns } from '../report/types-page.ts';
import { folder, writeStored, writeText } from '../stored.ts';
import { judgeValues } from '../targets/command.ts';
import { measureTypes } from './measure.ts';
import type { Types } from './results.ts';
import { typeTargets } from './targets.ts';

/** @returns the exit code. */
export async function typesCommand(options: BenchOptions): Promise<number> {
  const types = await measureTypes(options);
  if (options.json) console.log(JSON.stringify(types, null, 2));
  else print(types, options.markdown ? markdownTable : plainTable);
  if (options.write) {
    mkdirSync(folder, { recursive: true });
    writeStored('types', types);
    writeText('docs/benchmarks/types.md', typesPage(types));
  }
  const values = new Map(typeTargets.map(({ id, measure }) => [id, measure(types)]));
  const { date, machine } = types;
  return judgeValues({ targets: typeTargets, values, date, cpus: machine.cpus }, options);
}

function print(types: Types, table: typeof plainTable): void {
  for (const [name, value] of Object.entries(types.machine))
    console.log(`${name.padEnd(6)}  ${value}`);
  console.log(`\n${table(typeRowsOf(types), wordColumns)}\n`);
  console.log(`${table(loadedRows(types), 1)}\n`);
  console.log(`Took ${figure(types.seconds)} s.`);
}
