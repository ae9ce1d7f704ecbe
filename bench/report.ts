/** Measured times as a table or as JSON. */
import type { Machine } from './machine.ts';

export interface Summary {
  readonly n: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface Cell extends Summary {
  readonly guard: string;
  readonly method: string;
  readonly gap: string;
}

export interface Report {
  readonly machine: Machine;
  readonly seconds: number;
  readonly cells: readonly Cell[];
}

export function summarize(times: readonly number[]): Summary {
  const sorted = times.toSorted((a, b) => a - b);
  return { n: sorted.length, p50Ms: quantile(sorted, 0.5), p95Ms: quantile(sorted, 0.95) };
}

/** What a contender of the queue's benchmark did at one concurrency. */
export interface RateCell extends Summary {
  readonly method: string;
  readonly concurrency: number;
  /** Evaluations per second. */
  readonly perSecond: number;
}

export function printRates(report: Omit<Report, 'cells'> & { readonly cells: readonly RateCell[] }, json: boolean): void {
  const at = (method: string, concurrency: number) =>
    report.cells.find((cell) => cell.method === method && cell.concurrency === concurrency)?.p50Ms ?? Number.NaN;
  const cells = report.cells.map((cell) => ({ ...cell, ratio: cell.p50Ms / at('bare', cell.concurrency) }));
  const shares = [...new Set(cells.map(({ concurrency }) => concurrency))].map((concurrency) => ({
    concurrency,
    queueMs: at('HTTP + queue', concurrency) - at('HTTP', concurrency),
    httpMs: at('HTTP', concurrency) - at('in process', concurrency),
  }));
  if (json) {
    console.log(JSON.stringify({ ...report, cells, shares }, null, 2));
    return;
  }
  const rows = cells
    .toSorted((a, b) => a.concurrency - b.concurrency || a.p50Ms - b.p50Ms)
    .map(({ method, concurrency, n, p50Ms, p95Ms, perSecond, ratio }) => {
      const numbers = [String(n), p50Ms.toFixed(2), p95Ms.toFixed(2), perSecond.toFixed(0), ratio.toFixed(2)];
      return ['python3-json-re', String(concurrency), method, ...numbers];
    });
  printMachine(report.machine);
  console.log(`\n${table([['GUARD', 'CALLERS', 'METHOD', 'N', 'P50 ms', 'P95 ms', 'PER SECOND', 'P50/BARE'], ...rows])}\n`);
  for (const { concurrency, queueMs, httpMs } of shares) {
    console.log(
      `callers ${concurrency}: of the p50 the queue's own share is ${queueMs.toFixed(2)} ms, that of HTTP ${httpMs.toFixed(2)} ms`,
    );
  }
  console.log(`Took ${report.seconds.toFixed(0)} s.`);
}

export function printCells(report: Report, json: boolean): void {
  const cells = report.cells.map((cell) => ({ ...cell, ratio: ratioToBare(report.cells, cell) }));
  if (json) {
    console.log(JSON.stringify({ ...report, cells }, null, 2));
    return;
  }
  const rows = cells
    .toSorted((a, b) => a.guard.localeCompare(b.guard) || a.gap.localeCompare(b.gap))
    .map(({ guard, gap, method, n, p50Ms, p95Ms, ratio }) => [
      guard,
      gap,
      method,
      String(n),
      p50Ms.toFixed(2),
      p95Ms.toFixed(2),
      ratio === null ? '' : ratio.toFixed(2),
    ]);
  printMachine(report.machine);
  console.log(`\n${table([['GUARD', 'GAP', 'METHOD', 'N', 'P50 ms', 'P95 ms', 'P50/BARE'], ...rows])}`);
  console.log(
    `\ngap: rest before each call; refilled: until a blank sandbox is ready (ratio to bare at 30 ms). Took ${report.seconds.toFixed(0)} s.`,
  );
}

/** Against the bare call of the same guard and gap; a refilled pool is compared with the longest gap. */
function ratioToBare(cells: readonly Cell[], cell: Cell): number | null {
  if (cell.method === 'bare') return null;
  const bare = cells.filter(({ guard, method }) => guard === cell.guard && method === 'bare');
  const same = bare.find(({ gap }) => gap === cell.gap) ?? bare.at(-1);
  return same === undefined ? null : cell.p50Ms / same.p50Ms;
}

function printMachine(machine: Machine): void {
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(6)}  ${value}`);
}

/** Linear between the two nearest. */
function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const firstNumber = 3;
  const lines = rows.map((row) =>
    row.map((cell, at) => (at < firstNumber ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
  return lines.map((line) => line.trimEnd()).join('\n');
}
