/**
 * Small charts as SVG texts: bars on one logarithmic scale, and lines on two logarithmic scales.
 */

export interface Bar {
  readonly label: string;
  /** The bar's end. */
  readonly value: number;
  /** The end of a thin line beyond the bar; null without a line. */
  readonly upTo: number | null;
  /** Whether the bar shows hookpool. */
  readonly strong: boolean;
}

export interface Line {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** A chart as the inside of an SVG, and how tall it is. */
export interface Panel {
  readonly content: string;
  readonly height: number;
}

const width = 720;
const labelWidth = 180;
const right = 70;
const barHeight = 16;
const barStep = 22;
const lineHeight = 170;
const colours = ['#1a66b3', '#c2571a', '#3c8031', '#7d3c98'] as const;
const grey = '#9aa5b1';

/** Draws panels below each other on white, so that the chart is readable on any page. */
export function svgOf(title: string, panels: readonly Panel[]): string {
  const top = 34;
  let at = top;
  const placed = panels.map(({ content, height }) => {
    const group = `<g transform="translate(0 ${at})">${content}</g>`;
    at += height;
    return group;
  });
  const style = 'font-family="system-ui, sans-serif" font-size="12" fill="#1f2933"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${at}" viewBox="0 0 ${width} ${at}" ${style}>`,
    `<rect width="${width}" height="${at}" fill="#ffffff"/>`,
    text(12, 20, title, 'font-size="14" font-weight="600"'),
    ...placed,
    '</svg>\n',
  ].join('\n');
}

export function barPanel(title: string, unit: string, bars: readonly Bar[]): Panel {
  const ends = bars.flatMap(({ value, upTo }) => [value, upTo ?? value]);
  const scale = logScale(Math.min(...ends) / 2, Math.max(...ends), labelWidth, width - right);
  const rows = bars.map(({ label, value, upTo, strong }, row) => {
    const y = 26 + row * barStep;
    const middle = y + barHeight / 2;
    const end = scale(value);
    const bar = `<rect x="${labelWidth}" y="${y}" width="${round(end - labelWidth)}" height="${barHeight}" fill="${strong ? colours[0] : grey}"/>`;
    const whisker = upTo === null ? '' : stroke(end, middle, scale(upTo), middle, '#52606d');
    const label1 = text(
      labelWidth - 8,
      middle + 4,
      label,
      `text-anchor="end"${strong ? ' font-weight="600"' : ''}`,
    );
    const shown = text(scale(upTo ?? value) + 5, middle + 4, `${short(value)} ${unit}`, '');
    return label1 + bar + whisker + shown;
  });
  return {
    content: text(12, 16, title, 'font-weight="600"') + rows.join('\n'),
    height: 26 + bars.length * barStep + 18,
  };
}

export function linePanel(
  title: string,
  xLabel: string,
  yLabel: string,
  lines: readonly Line[],
): Panel {
  const all = lines.flatMap(({ points }) => points).filter(({ x, y }) => x > 0 && y > 0);
  const [left, bottom] = [70, 26 + lineHeight];
  const x = logScale(...rangeOf(all.map((point) => point.x)), left, width - 200);
  const [low, high] = rangeOf(all.map((point) => point.y));
  // A scale of at least a factor of 10, so that an almost constant curve looks flat.
  const y = logScale(low, Math.max(high, low * 10), bottom, 30);
  const drawn = lines.map(({ label, points }, index) => {
    const colour = colours[index % colours.length] ?? grey;
    const shown = points.filter((point) => point.x > 0 && point.y > 0);
    const path = shown.map((point) => `${round(x(point.x))},${round(y(point.y))}`).join(' ');
    const dots = shown.map(
      (point) =>
        `<circle cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="2.5" fill="${colour}"/>`,
    );
    const last = shown.at(-1);
    const name =
      last === undefined ? '' : text(width - 192, 40 + index * 16, label, `fill="${colour}"`);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}${name}`;
  });
  const frame =
    stroke(left, bottom, width - 200, bottom, grey) + stroke(left, 30, left, bottom, grey);
  const marksX = endsOf(all.map((point) => point.x)).map((value) =>
    text(x(value), bottom + 15, short(value), middleAnchor),
  );
  const marksY = endsOf(all.map((point) => point.y)).map((value) =>
    text(left - 6, y(value) + 4, short(value), endAnchor),
  );
  const names =
    text((left + width - 200) / 2, bottom + 15, xLabel, middleAnchor) +
    text(left + 4, 26, yLabel, '');
  const head = text(12, 14, title, 'font-weight="600"');
  return {
    content: [head, frame, ...marksX, ...marksY, names, ...drawn].join('\n'),
    height: lineHeight + 66,
  };
}

const middleAnchor = 'text-anchor="middle"';
const endAnchor = 'text-anchor="end"';

/** Maps a value to its position; equal ratios have equal lengths. */
export function logScale(
  low: number,
  high: number,
  from: number,
  to: number,
): (value: number) => number {
  const [bottom, top] = [Math.log(low), Math.log(high)];
  const span = top === bottom ? 1 : top - bottom;
  return (value) => from + ((Math.log(value) - bottom) / span) * (to - from);
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.length === 0 ? [1, 10] : [Math.min(...values), Math.max(...values)];
}

function endsOf(values: readonly number[]): number[] {
  return values.length === 0 ? [] : [...new Set(rangeOf(values))];
}

/** Formats a value as a short axis label. */
export function short(value: number): string {
  if (value >= 1e6) return `${trim(value / 1e6)}M`;
  if (value >= 1e4) return `${trim(value / 1e3)}k`;
  return trim(value);
}

function trim(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped}</text>`;
}

function stroke(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;
}

function round(value: number): string {
  return value.toFixed(1);
}
