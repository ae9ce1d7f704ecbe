/** When each hook waited and ran, as bars along the time of the evaluation. */
import { shownMs } from '../shown.ts';

export interface Bar {
  readonly name: string;
  /** Milliseconds from the start of the evaluation. */
  readonly startMs: number;
  readonly queueMs: number;
  readonly leaseMs: number;
  readonly runMs: number;
}

const width = 1000;
const rowHeight = 26;
const parts = [
  { key: 'queueMs', title: 'waited in the queue', className: 'bar-queue' },
  { key: 'leaseMs', title: 'waited for a sandbox', className: 'bar-lease' },
  { key: 'runMs', title: 'ran', className: 'bar-run' },
] as const;

export function Waterfall({ bars, totalMs }: { bars: readonly Bar[]; totalMs: number }) {
  const end = Math.max(totalMs, ...bars.map(endOf), 0.001);
  const scale = width / end;
  return (
    <figure class="waterfall">
      <svg
        viewBox={`0 0 ${width} ${bars.length * rowHeight}`}
        preserveAspectRatio="none"
        height={bars.length * rowHeight}
        role="img"
        aria-label={bars.map(textOf).join('. ')}
      >
        {bars.map((bar, row) => (
          <Row bar={bar} y={row * rowHeight} scale={scale} />
        ))}
      </svg>
      <figcaption>
        <ol class="legend">
          {bars.map((bar) => (
            <li>{textOf(bar)}</li>
          ))}
        </ol>
        <p class="quiet">
          {parts.map(({ title, className }) => (
            <span class="key">
              <span class={`swatch ${className}`} aria-hidden="true" /> {title}
            </span>
          ))}
          <span class="key">whole width: {shownMs(end)}</span>
        </p>
      </figcaption>
    </figure>
  );
}

function Row({ bar, y, scale }: { bar: Bar; y: number; scale: number }) {
  let at = bar.startMs * scale;
  return (
    <g>
      <line class="bar-line" x1={0} x2={width} y1={y + rowHeight - 1} y2={y + rowHeight - 1} />
      {parts.map(({ key, className }) => {
        const length = bar[key] * scale;
        const x = at;
        at += length;
        // A part that takes time stays visible beside much longer ones.
        if (bar[key] <= 0) return null;
        return (
          <rect
            class={className}
            x={x}
            y={y + 4}
            width={Math.max(length, 2)}
            height={rowHeight - 9}
          />
        );
      })}
    </g>
  );
}

function endOf({ startMs, queueMs, leaseMs, runMs }: Bar): number {
  return startMs + queueMs + leaseMs + runMs;
}

function textOf({ name, startMs, queueMs, leaseMs, runMs }: Bar): string {
  const waits = queueMs > 0 ? `, queue ${shownMs(queueMs)}` : '';
  return `${name}: after ${shownMs(startMs)}${waits}, sandbox ${shownMs(leaseMs)}, run ${shownMs(runMs)}`;
}
