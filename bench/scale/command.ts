/** `npm run bench -- scale`: measure the curves, print them, and store them with --write. */
import { mkdirSync } from 'node:fs';
import type { BenchOptions } from '../options.ts';
import { scalePage, scaleSvg, scalingLines } from '../report/scale-pages.ts';
import { costRows, curveRows, fitRows, planRows } from '../report/scale-rows.ts';
import { plainTable } from '../report/table.ts';
import { folder, writeBlock, writeStored, writeText } from '../stored.ts';
import { measureScale } from './measure.ts';
import type { Scale } from './results.ts';

/** @returns the exit code. */
export async function scaleCommand(options: BenchOptions): Promise<number> {
  const scale = await measureScale(options);
  if (options.json) console.log(JSON.stringify(scale, null, 2));
  else print(scale);
  if (options.write) write(scale);
  return 0;
}

function print({ curves, constants, seconds }: Scale): void {
  for (const curve of curves)
    console.log(`${curve.title}\n${plainTable(curveRows(curve), 1)}\n${curve.why}\n`);
  if (constants === null) {
    console.log('The queue and the model were not measured: redis-server is not installed.');
  } else {
    for (const rows of [costRows(constants), planRows(constants), fitRows(constants)])
      console.log(`${plainTable(rows, 1)}\n`);
  }
  console.log(`Took ${seconds.toFixed(0)} s.`);
}

function write(scale: Scale): void {
  mkdirSync(folder, { recursive: true });
  writeStored('scale', scale);
  writeText('docs/benchmarks/scale.md', scalePage(scale));
  writeText('docs/benchmarks/scale.svg', scaleSvg(scale));
  if (scale.constants !== null && !scale.quick)
    writeBlock('docs/scaling.md', 'measured', scalingLines(scale, scale.constants));
}
