/** Tests that a reader takes no more than in proportion to what it is fed, one for each shape. */
import { expect, test } from 'vitest';
import { type Growth, growth, mostMemory, mostTime } from './growth.ts';
import type { Tries } from './hostile/patterns.ts';
import type { Reader } from './hostile/readers.ts';
import type { Shapes } from './hostile/shapes.ts';

function expectProportion({ n, timeRatio, memoryRatio }: Growth): void {
  expect({
    n,
    time: timeRatio <= mostTime || timeRatio,
    memory: memoryRatio <= mostMemory || memoryRatio,
  }).toEqual({
    n,
    time: true,
    memory: true,
  });
}

/** One test for each shape. */
export function grows(shapes: Shapes, run: Reader, sizes: Sizes = {}): void {
  const shape = { n: 64, largest: 262_144, ...sizes };
  test.each(Object.entries(shapes))('%s', (_, make) =>
    expectProportion(growth({ make, run, ...shape })),
  );
}

interface Sizes {
  readonly n?: number;
  readonly largest?: number;
}

/** Small sizes: what backtracks is endless at once. */
export function matches(tries: Tries, run: (pattern: string, subject: string) => unknown): void {
  test.each(Object.entries(tries))('%s', (_, make) =>
    expectProportion(
      growth({ make, run: ({ pattern, subject }) => run(pattern, subject), n: 8, largest: 65_536 }),
    ),
  );
}
