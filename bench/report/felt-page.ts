/** The page of what is felt, from stored results. */
import type { Range } from '../bootstrap.ts';
import { bare, bareImage, bridgeName, overHttpName } from '../felt/matrix.ts';
import type { Felt } from '../felt/results.ts';
import { allGuardNames } from '../guards.ts';
import type { Compared } from '../targets/check.ts';
import { verdictOf } from '../targets/targets.ts';
import { provenance } from './pages.ts';
import { rangeText } from './rows.ts';
import { figure, markdownTable, withoutEmptyColumns } from './table.ts';
import { boundText } from './target-rows.ts';

/** Number of text columns in feltTable(). */
export const wordColumns = 4;

export interface JudgedFelt {
  readonly target: Compared;
  readonly value: number | null;
  readonly range: Range | null;
}

export function feltTable({ rows }: Felt): string[][] {
  const head = ['guard', 'hooks', 'context', 'started by the agent', 'n', 'p50 ms', '95 % of it'];
  const ratios = ['p50 / bare', '95 % of that', "p50 / bare, image's programs", 'and 95 % of that'];
  const body = rows.map((row) => [
    row.guard,
    String(row.hooks),
    row.contextBytes < 1 << 20 ? `${row.contextBytes / 1024} KiB` : '1 MiB',
    row.method,
    String(row.n),
    figure(row.p50Ms),
    rangeText(row),
    figure(row.ratio),
    between(row.ratioRange),
    figure(row.imageRatio),
    between(row.imageRatioRange),
  ]);
  return withoutEmptyColumns([[...head, ...ratios], ...body]);
}

/** The targets with what this run tells of them. */
export function feltTargetRows(judged: readonly JudgedFelt[]): string[][] {
  const body = judged.map(({ target, value, range }) => [
    target.text,
    boundText(target),
    figure(value),
    between(range),
    heldOf(target, value, range),
  ]);
  return [['target', 'promised', 'measured', '95 % of it', ''], ...body];
}

/** Judged by both ends of the interval: with the bound in it, the run cannot tell. */
function heldOf(target: Compared, value: number | null, range: Range | null): string {
  if (value === null) return 'not measured';
  const [first, ...rest] = (range ?? [value]).map((end) => verdictOf(target, end));
  if (rest.some((one) => one !== first)) return 'cannot tell';
  return first === 'holds' ? 'held' : 'missed';
}

/** The table of the README: the ways that an agent starts a hook, the shortest first. */
export function readmeFelt({ rows, machine, date }: Felt): string {
  const ways = [
    ...(['own pool', 'queue'] as const).map((backend) => bridgeName('native', backend)),
    overHttpName,
    ...(['own pool', 'queue'] as const).map((backend) => bridgeName('sh', backend)),
    ...(['own pool', 'queue'] as const).map((backend) => bridgeName('node', backend)),
    bare,
    bareImage,
  ];
  const body = ways.map((method) => [
    method,
    ...allGuardNames.map((guard) => {
      const isOne = (row: Felt['rows'][number]) => row.hooks === 1 && row.contextBytes === 1024;
      const row = rows.find((one) => one.method === method && one.guard === guard && isOne(one));
      return figure(row?.p50Ms);
    }),
  ]);
  const head = ['p50 ms, from the start of the hook to its end', ...allGuardNames];
  const shown = body.filter(([, ...values]) => values.some((value) => value !== ''));
  return `${markdownTable([head, ...shown], 1)}\n\n${machine.cpus}, ${machine.engine}, ${date}; every cell is a line of\n[docs/benchmarks/felt.md](docs/benchmarks/felt.md), which \`npm run bench -- felt --write\` makes.`;
}

export function feltPage(felt: Felt, judged: readonly JudgedFelt[]): string {
  const absent = felt.missing.map(({ name, why }) => `- not measured: ${name} (${why})`);
  return `# What an agent waits for

${provenance(felt)}

From the start of the hook's command to its end, as an agent starts it. The contenders of a setting take turns of one call each. An
interval has 95 % of what resamples of the times of this run give (bench/bootstrap.ts).
${absent.length === 0 ? '' : `\n${absent.join('\n')}\n`}
## Targets

${markdownTable(feltTargetRows(judged), 2)}

## Every cell

${markdownTable(feltTable(felt), wordColumns)}
`;
}

function between(range: Range | null): string {
  return range === null ? '' : range.map(figure).join('–');
}
