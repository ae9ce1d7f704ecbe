import { expect, test } from 'vitest';
import { barPanel, linePanel, logScale, short, svgOf } from '../../../bench/report/svg.ts';

test('equal ratios are equal lengths', () => {
  const scale = logScale(1, 100, 0, 200);
  expect([1, 10, 100].map(scale)).toEqual([0, 100, 200]);
});

test('a longer time is a longer bar, with its text escaped', () => {
  const bar = (label: string, value: number) => ({ label, value, upTo: value * 2, strong: false });
  const { content } = barPanel('p50 & p95', 'ms', [bar('a < b', 1), bar('c', 10)]);
  const widths = [...content.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map((match) =>
    Number(match[1]),
  );
  expect(widths).toHaveLength(2);
  expect(widths[1]).toBeGreaterThan(widths[0] ?? 0);
  expect(content).toContain('a &lt; b');
  expect(content).toContain('p50 &amp; p95');
});

test('a picture is as tall as its panels, and every element ends', () => {
  const line = { label: 'one', points: [0, 1, 10].map((x) => ({ x, y: x + 1 })) };
  const panels = [linePanel('cost', 'hooks', 'ms', [line]), linePanel('none', 'hooks', 'ms', [])];
  const svg = svgOf('Costs', panels);
  const height = Number(/height="(\d+)"/.exec(svg)?.[1]);
  expect(height).toBeGreaterThanOrEqual(panels.reduce((sum, panel) => sum + panel.height, 0));
  expect(svg).not.toContain('NaN');
  expect(svg.match(/<(g|svg|text)\b/g)).toHaveLength(svg.match(/<\/(g|svg|text)>/g)?.length ?? -1);
  // 0 has no place on a logarithmic scale.
  expect(svg.match(/<circle/g)).toHaveLength(2);
});

test('noise in a flat line stays small', () => {
  const line = { label: 'flat', points: [1, 10, 100].map((x) => ({ x, y: x === 10 ? 1.1 : 1 })) };
  const { content } = linePanel('cost', 'hooks', 'ms', [line]);
  const heights = [...content.matchAll(/cy="([\d.]+)"/g)].map((match) => Number(match[1]));
  expect(heights).toHaveLength(3);
  expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(10);
});

test.each([
  [0.5, '0.5'],
  [64, '64'],
  [1024, '1020'],
  [65_536, '66k'],
  [1_048_576, '1M'],
])('%s is marked as %s', (value, text) => {
  expect(short(value)).toBe(text);
});
