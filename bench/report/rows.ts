/** The side-by-side results as rows of text, the same for terminal, Markdown and README. */
import { allGuardNames, type GuardName, nodeGuardName } from '../guards.ts';
import { kib, nodeRest, type Rest } from '../side-by-side/matrix.ts';
import { findRow, type Row, type SideBySide } from '../side-by-side/results.ts';
import { figure, withoutEmptyColumns } from './table.ts';

/** Number of text columns in resultRows(). */
export const wordColumns = 5;
const head = ['guard', 'context', 'callers', 'rest', 'contender'];
const numbers = [
  'n',
  'p50 ms',
  '95 % of it',
  'p95 ms',
  'p99 ms',
  'per s',
  'CPU s / 1,000',
  'p50 / bare',
];

/** Returns one row per cell, sorted by setting and then by speed, the fastest first. */
export function resultRows({ rows }: SideBySide): string[][] {
  const body = rows.toSorted(bySetting).map((row) => [
    row.guard,
    sizeText(row.contextBytes),
    String(row.callers),
    restText(row.rest),
    row.method,
    String(row.n),
    figure(row.p50Ms),
    rangeText(row),
    ...[row.p95Ms, row.p99Ms].map(figure),
    // With a rest the rate only depends on the length of the rests.
    row.rest === 0 ? figure(row.perSecond) : '',
    figure(row.cpuSecondsPer1000),
    figure(ratioToBare(rows, row)),
  ]);
  return withoutEmptyColumns([[...head, ...numbers], ...body]);
}

/** A short table: the cost of a hook with and without hookpool. */
export function headlineRows({ rows }: SideBySide): string[][] {
  const methods = [
    'bare spawn',
    'bare spawn (image)',
    'hookpool tenant',
    'hookpool tenant (full)',
    'hookpool HTTP + queue',
    'bubblewrap',
    'runc run',
    'docker exec',
    'docker run --rm',
  ];
  const restOf = (guard: GuardName) => (guard === nodeGuardName ? nodeRest : 30);
  const cells = (method: string) =>
    allGuardNames.map((guard) => {
      const setting = {
        method,
        guard,
        rest: restOf(guard),
        callers: 1,
        contextBytes: kib,
      } as const;
      return figure(findRow(rows, setting)?.p50Ms);
    });
  const body = methods
    .map((method) => [method, ...cells(method)])
    .filter((row) => row.slice(1).some((cell) => cell !== ''));
  const guards = allGuardNames.map((guard) =>
    guard === nodeGuardName ? `${guard}, rest ${nodeRest} ms` : guard,
  );
  const names = ['p50 ms, one caller, rest 30 ms, context 1 KiB', ...guards];
  return withoutEmptyColumns([names, ...body]);
}

/** Lists the missing contenders and those with failed calls. */
export function absentLines({ missing, rows }: SideBySide): string[] {
  const failing = rows.filter(({ failed }) => failed > 0);
  return [
    ...missing.map(({ name, why }) => `not measured: ${name} (${why})`),
    ...failing.map(({ method, guard, callers, failed, n }) => {
      return `failed: ${method}, ${guard}, ${callers} callers: ${failed} of ${failed + n} calls`;
    }),
  ];
}

export function memoryRows({ memory, jobRate, startUp }: SideBySide): string[][] {
  const mib = (bytes: number | null) => (bytes === null ? '' : `${figure(bytes / 2 ** 20)} MiB`);
  const known: string[][] = [
    ['memory of a blank container, whole cgroup', mib(memory.blankContainerBytes)],
    ['memory of a container after 102 hooks', mib(memory.usedContainerBytes)],
    ['memory of the worker process', mib(memory.workerBytes)],
    ['memory of the server process', mib(memory.serverBytes)],
    ['isolation job, sustained', `${figure(jobRate.jobsPerSecond)} hooks/s`],
    ['the engine alone: create, start, remove', `${figure(jobRate.enginePerSecond)} containers/s`],
    ...startUp.map(({ what, p50Ms, n }) => [
      `first decision after the start: ${what} (n = ${n})`,
      `${figure(p50Ms)} ms`,
    ]),
  ];
  return [['what', ''], ...known.filter((row) => row[1] !== '')];
}

/** Between these two the median is, at 95 %. Runs that were stored before have none. */
export function rangeText({ p50RangeMs }: Partial<Row>): string {
  return p50RangeMs ? p50RangeMs.map(figure).join('–') : '';
}

function ratioToBare(rows: readonly Row[], row: Row): number | undefined {
  if (row.method.startsWith('bare spawn')) return undefined;
  const { guard, callers, contextBytes } = row;
  // There is no bare start after a refill, so the one with the longest rest is compared.
  const rest = row.rest === 'refilled' ? 30 : row.rest;
  const bare = findRow(rows, { method: 'bare spawn', guard, callers, contextBytes, rest });
  return bare === undefined ? undefined : row.p50Ms / bare.p50Ms;
}

function bySetting(a: Row, b: Row): number {
  const order = (row: Row) => [
    allGuardNames.indexOf(row.guard),
    row.contextBytes,
    row.callers,
    restOrder.indexOf(row.rest),
    row.p50Ms,
  ];
  const [left, right] = [order(a), order(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

const restOrder: readonly Rest[] = [0, 30, nodeRest, 'refilled', 'half load'];

function restText(rest: Rest): string {
  return typeof rest === 'number' ? `${rest} ms` : rest;
}

function sizeText(bytes: number): string {
  return bytes < kib * kib ? `${bytes / kib} KiB` : `${bytes / kib / kib} MiB`;
}
