/** docs/scaling.md and docs/benchmarks/scale.md are made from the stored numbers. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { scalePage, scaleSvg, scalingLines } from '../../../bench/report/scale-pages.ts';
import type { Scale } from '../../../bench/scale/results.ts';
import { readBlock, readStored } from '../../../bench/stored.ts';
import { sampleMeasured } from '../samples.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const guard = 'bash builtins';
const constants = {
  costs: [{ guard, serverMs: 1, redisMs: 0.5, workerMs: 1, sandboxMs: 1.5, clientMs: 0 }],
  readerServerMs: 0.1,
  readerRedisMs: 0.02,
  bytesPerWaitingJob: 2048,
  containerMib: 8,
  shimMib: 6,
  measured: [{ guard, workers: 1, perSecond: 450 }],
  cores: 2,
};
const scale: Scale = {
  date: '2026-01-02',
  machine: sampleMeasured().sideBySide.machine,
  quick: false,
  seconds: 200,
  curves: [
    {
      title: 'Hooks per event',
      x: 'hooks',
      y: 'ms',
      series: [{ name: 'in turn', points: [1, 2, 4].map((x) => ({ x, y: x * x })), most: 1 }],
      why: 'Because.',
    },
  ],
  constants,
};

test('a curve that is steeper than expected says so', () => {
  expect(scalePage(scale)).toContain('| in turn | 1.00 | 4.00 | 16.0 | 2.00 | steeper than 1 |');
});

test('the picture has a line for each series', () => {
  expect(scaleSvg(scale).match(/<polyline/g)).toHaveLength(1);
});

test('the model stands beside what was measured', () => {
  expect(scalingLines(scale, constants)).toContain('| bash builtins | 1 | 500 | 450 | 90 % |');
});

const stored = readStored('scale');

test.runIf(stored !== null && stored.constants !== null)(
  'the pages are those of the stored numbers (npm run bench -- scale --write)',
  () => {
    if (stored?.constants === undefined || stored.constants === null) return;
    expect(read('docs/benchmarks/scale.md')).toBe(scalePage(stored));
    expect(read('docs/benchmarks/scale.svg')).toBe(scaleSvg(stored));
    expect(readBlock(read('docs/scaling.md'), 'measured')).toBe(
      scalingLines(stored, stored.constants),
    );
  },
);
