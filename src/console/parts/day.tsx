/** Evaluations of 24 hours as stacked bars, with the numbers for those who do not see them. */
import { outcomes } from '../../server/outcome.ts';
import type { Bar } from '../day.ts';
import { shownOutcomes } from '../outcome.ts';
import { shownCount } from '../shown.ts';

const height = 120;
const step = 10;

export function DayBars({ bars }: { bars: readonly Bar[] }) {
  const totals = bars.map(totalOf);
  const most = Math.max(1, ...totals);
  const sum = totals.reduce((all, one) => all + one, 0);
  const text = `${shownCount(sum, 'evaluation')} in the last 24 hours, at most ${shownCount(most, 'evaluation')} in half an hour`;
  return (
    <figure class="day-bars">
      <svg
        viewBox={`0 0 ${bars.length * step} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text}
      >
        {bars.map((bar, at) => (
          <Stack bar={bar} x={at * step} scale={height / most} />
        ))}
      </svg>
      <figcaption class="quiet">{text}</figcaption>
    </figure>
  );
}

function Stack({ bar, x, scale }: { bar: Bar; x: number; scale: number }) {
  let top = height;
  return (
    <g>
      {outcomes.map((outcome) => {
        const length = bar[outcome] * scale;
        top -= length;
        if (length === 0) return null;
        return (
          <rect class={`fill-${outcome}`} x={x + 1} y={top} width={step - 2} height={length}>
            <title>
              {bar[outcome]} {shownOutcomes[outcome].title}
            </title>
          </rect>
        );
      })}
    </g>
  );
}

function totalOf(bar: Bar): number {
  return Object.values(bar).reduce((all, one) => all + one, 0);
}
