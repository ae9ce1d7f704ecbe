/** Evaluations of each minute as stacked bars, with the numbers for those who do not see them. */
import { outcomes, shownOutcomes } from '../outcome.ts';
import type { Minute } from '../recent.ts';
import { shownCount } from '../shown.ts';

const height = 120;
const step = 10;

export function Minutes({ minutes }: { minutes: readonly Minute[] }) {
  const totals = minutes.map(totalOf);
  const most = Math.max(1, ...totals);
  const sum = totals.reduce((all, one) => all + one, 0);
  const text = `${shownCount(sum, 'evaluation')} in the last ${minutes.length} minutes, at most ${most} in one`;
  return (
    <figure class="minutes">
      <svg
        viewBox={`0 0 ${minutes.length * step} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text}
      >
        {minutes.map((minute, at) => (
          <Stack minute={minute} x={at * step} scale={height / most} />
        ))}
      </svg>
      <figcaption class="quiet">{text}</figcaption>
    </figure>
  );
}

function Stack({ minute, x, scale }: { minute: Minute; x: number; scale: number }) {
  let top = height;
  return (
    <g>
      {outcomes.map((outcome) => {
        const length = minute.counts[outcome] * scale;
        top -= length;
        if (length === 0) return null;
        return (
          <rect class={`fill-${outcome}`} x={x + 1} y={top} width={step - 2} height={length}>
            <title>
              {minute.counts[outcome]} {shownOutcomes[outcome].title}
            </title>
          </rect>
        );
      })}
    </g>
  );
}

function totalOf({ counts }: Minute): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}
