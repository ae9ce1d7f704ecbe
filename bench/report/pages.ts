/** The pages and pictures in docs/benchmarks/, and the lines of the README, from stored results. */
import { isOurs } from '../contenders/contender.ts';
import { allGuardNames } from '../guards.ts';
import type { Machine } from '../machine.ts';
import { kib, nodeRest } from '../side-by-side/matrix.ts';
import type { SideBySide } from '../side-by-side/results.ts';
import type { Measured } from '../targets/readings.ts';
import { absentLines, headlineRows, memoryRows, resultRows, wordColumns } from './rows.ts';
import { barPanel, svgOf } from './svg.ts';
import { figure, markdownTable } from './table.ts';
import { targetRows } from './target-rows.ts';

export function sideBySidePage(measured: Measured): string {
  const { sideBySide } = measured;
  return `# Side by side

${provenance(sideBySide)}

${whatIsMeasured(sideBySide)}

![p50 and p95 of each contender](latency.svg)

## Targets

${markdownTable(targetRows(measured), 4)}

## Memory, containers and start-up

${markdownTable(memoryRows(sideBySide), 1)}

## Every cell

${markdownTable(resultRows(sideBySide), wordColumns)}
`;
}

/** The table in the README. */
export function readmeLines(sideBySide: SideBySide): string {
  const table = markdownTable(headlineRows(sideBySide), 1);
  return `${table}\n\n${sideBySide.machine.cpus}, ${sideBySide.machine.engine}, ${sideBySide.date}; every cell is a line of\n[docs/benchmarks/side-by-side.md](docs/benchmarks/side-by-side.md), which \`npm run bench -- --write\` makes.`;
}

export function latencySvg({ rows, machine, date }: SideBySide): string {
  const panels = allGuardNames.flatMap((guard) => {
    const one = rows.filter(
      (row) => row.guard === guard && row.callers === 1 && row.contextBytes === kib,
    );
    const shown = one.filter(
      ({ method, rest }) =>
        rest === 30 || rest === nodeRest || (rest === 'refilled' && method === 'hookpool job'),
    );
    const bars = shown
      .toSorted((a, b) => a.p50Ms - b.p50Ms)
      .map(({ method, rest, p50Ms, p95Ms }) => ({
        label: rest === 30 || rest === nodeRest ? method : `${method}, ${rest}`,
        value: p50Ms,
        upTo: p95Ms,
        strong: isOurs(method),
      }));
    return bars.length === 0 ? [] : [barPanel(`${guard}: p50, and p95 as a line`, 'ms', bars)];
  });
  return svgOf(
    `One hook, rest 30 ms, context 1 KiB, logarithmic (${machine.cpus}, ${date})`,
    panels,
  );
}

/** The line with machine, date and duration above all results. */
export function provenance({ machine, date, seconds, quick }: Provenance): string {
  const lines = Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`);
  const only = quick === true ? ', with --quick: not to be quoted' : '';
  return `Measured on ${date} in ${figure(seconds)} s${only}.\n\n${lines.join('\n')}`;
}

interface Provenance {
  readonly machine: Machine;
  readonly date: string;
  readonly seconds: number;
  readonly quick?: boolean;
}

function whatIsMeasured(sideBySide: SideBySide): string {
  const { cpu } = sideBySide;
  const absent = absentLines(sideBySide).map((line) => `- ${line}`);
  return [
    'Contenders take turns in each setting, and every round of turns begins with another one. p95 needs 20 calls, p99 100.',
    `CPU seconds are those of the whole machine (${cpu.source}), engine included, without the ${figure(cpu.backgroundPerSecond)} s per`,
    'second that it used while nothing ran. bench/side-by-side/matrix.ts says what is measured and why not more.',
    ...(absent.length === 0 ? [] : ['', ...absent]),
  ].join('\n');
}
