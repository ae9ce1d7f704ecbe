import { expect, test } from 'vitest';
import { intervalOf, medianRatioRange, resample, seededRandom } from '../../bench/bootstrap.ts';

/** Times around a middle, spread over `width` of it. */
function spread(middle: number, width: number, count = 60): number[] {
  return Array.from({ length: count }, (_, at) => middle * (1 - width / 2 + (width * at) / count));
}

test('a resample has as many times, and no others', () => {
  const times = [1, 2, 3, 4];
  const drawn = resample(times, seededRandom());
  expect(drawn).toHaveLength(4);
  expect(drawn.every((time) => times.includes(time))).toBe(true);
});

test('the interval of a ratio of medians has the ratio in it, and is the same in each run', () => {
  const range = medianRatioRange(spread(10, 0.5), spread(40, 0.5));
  const [low, high] = range ?? [0, 0];
  expect(low).toBeLessThan(0.25);
  expect(high).toBeGreaterThan(0.25);
  expect(high - low).toBeLessThan(0.1);
  expect(medianRatioRange(spread(10, 0.5), spread(40, 0.5))).toEqual(range);
});

test('it is wider for times that differ more, and for fewer of them', () => {
  const widthOf = (width: number, count: number) => {
    const [low, high] = medianRatioRange(spread(10, width, count), spread(40, width, count)) ?? [
      Number.NaN,
      Number.NaN,
    ];
    return high - low;
  };
  expect(widthOf(1, 60)).toBeGreaterThan(widthOf(0.2, 60));
  expect(widthOf(1, 12)).toBeGreaterThan(widthOf(1, 240));
});

test('there is none of too few times, and none where a resample gives nothing', () => {
  expect(medianRatioRange([1, 2, 3], spread(1, 1))).toBeNull();
  expect(intervalOf(() => null)).toBeNull();
  expect(intervalOf(() => Number.NaN)).toBeNull();
});
