/** The page of what is felt, from stored results. */
import type { Range } from '../bootstrap.ts';
import type { Felt } from '../felt/results.ts';
import type { FeltTarget } from '../felt/targets.ts';
import { verdictOf } from '../targets/targets.ts';
import { provenance } from './pages.ts';
import { rangeText } from './rows.ts';
import { figure, markdownTable, withoutEmptyColumns } from './table.ts';
import { boundText } from './target-rows.ts';

/** Number of text columns in feltTable(). */
export const wordColumns = 4;

export interface JudgedFelt {
  readonly target: FeltTarget;
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

export function feltPage(felt: Felt, judged: readonly JudgedFelt[]): string {
  const absent = felt.missing.map(({ name, why }) => `- not measured: ${name} (${why})`);
  const targets = judged.map(({ target, value, range }) => [
    target.text,
    boundText(target),
    figure(value),
    between(range),
    verdictOf(target, value),
  ]);
  return `# What an agent waits for

${provenance(felt)}

From the start of the hook's command to its end, as an agent starts it. The contenders of a setting take turns of one call each. An
interval has 95 % of what resamples of the times of this run give (bench/bootstrap.ts).
${absent.length === 0 ? '' : `\n${absent.join('\n')}\n`}
## Targets

${markdownTable([['target', 'promised', 'measured', '95 % of it', ''], ...targets], 2)}

## Every cell

${markdownTable(feltTable(felt), wordColumns)}
`;
}

function between(range: Range | null): string {
  return range === null ? '' : range.map(figure).join('–');
}
