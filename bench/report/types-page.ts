/** docs/benchmarks/types.md: what a hook of each type costs beside its bare request. */
import { isBusy } from '../machine.ts';
import { findRow } from '../side-by-side/results.ts';
import { verdictOf } from '../targets/targets.ts';
import { typeRows } from '../types/matrix.ts';
import type { Types } from '../types/results.ts';
import { typeTargets } from '../types/targets.ts';
import { provenance } from './pages.ts';
import { rangeText } from './rows.ts';
import { figure, markdownTable, withoutEmptyColumns } from './table.ts';
import { boundText, withUnit } from './target-rows.ts';

/** Number of text columns in typeRowsOf(). */
export const wordColumns = 2;

/** Returns one row per contender, in the order of the types. */
export function typeRowsOf({ rows }: Types): string[][] {
  const head = ['type', 'contender', 'n', 'p50 ms', '95 % of it', 'p95 ms', 'p99 ms'];
  const body = typeRows.flatMap(({ type, method, bare }) => {
    const row = findRow(rows, { method });
    if (row === undefined) return [];
    const beside = bare === undefined ? undefined : findRow(rows, { method: bare });
    const { n, p50Ms, p95Ms, p99Ms, cpuSecondsPer1000 } = row;
    return [
      [
        ...[type, method, String(n), figure(p50Ms), rangeText(row), figure(p95Ms), figure(p99Ms)],
        figure(cpuSecondsPer1000),
        ...(beside === undefined
          ? ['', '']
          : [figure(p50Ms - beside.p50Ms), figure(p50Ms / beside.p50Ms)]),
      ],
    ];
  });
  const more = ['CPU s / 1,000', 'p50 - bare, ms', 'p50 / bare'];
  return withoutEmptyColumns([[...head, ...more], ...body]);
}

export function loadedRows({ loaded }: Types): string[][] {
  const body = loaded.map(({ what, p50Ms, rangeMs, bytes, n }) => [
    ...[what, String(n), figure(p50Ms), rangeMs.map(figure).join('–'), figure(bytes / 2 ** 20)],
  ]);
  return [['loaded once', 'n', 'p50 ms', 'fastest and slowest', 'MiB of memory'], ...body];
}

function targetRowsOf(types: Types): string[][] {
  const body = typeTargets.map((target) => {
    const value = target.measure(types);
    return [target.text, boundText(target), withUnit(value, target), verdictOf(target, value)];
  });
  return [['target', 'promised', 'measured', ''], ...body];
}

export function typesPage(types: Types): string {
  const busy = isBusy(types.machine)
    ? '\n\n**The machine was busy: times are upper bounds, and only differences within the run say something.**'
    : '';
  return `# What a hook of each type costs

${provenance(types)}${busy}

One hook of each type, in one process without a queue, beside the same work without hookpool: a bare start of python3, or the
same bytes to the same server on loopback, which answers at once and is a process of its own. Contenders take turns, each call
after a rest of 30 ms, with a context of 1 KiB. \`npm run bench -- types --write\` makes this page;
[notes.md](notes.md#the-types-of-hooks) explains it.

- A bare request has a connection of its own, as hookpool's: a kept connection would skip the check of its address.
- The agent hook uses \`ReadFile\` once, so its judge is asked twice; \`ReadFile alone\` is that use without a judge.

## Every contender

${markdownTable(typeRowsOf(types), wordColumns)}

## Targets

${markdownTable(targetRowsOf(types), 4)}

## The packages of the judges' formats

A process loads them with its first question; one that asks no judge never does. The memory is what they add to a process that
has read a judges file, and so has loaded zod.

${markdownTable(loadedRows(types), 1)}
`;
}
