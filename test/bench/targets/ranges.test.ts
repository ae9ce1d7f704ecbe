import { expect, test } from 'vitest';
import { rangesOf } from '../../../bench/targets/ranges.ts';
import { targets } from '../../../bench/targets/targets.ts';
import { sampleMeasured } from '../samples.ts';

/** Every row has 40 times around its median, spread over half of it. */
const measured = sampleMeasured((row) => ({
  ...row,
  timesMs: Array.from({ length: 40 }, (_, at) => row.p50Ms * (0.75 + (0.5 * (at + 0.5)) / 40)),
}));
const ranges = rangesOf(targets, measured);
const measuredOf = (id: string) => targets.find((one) => one.id === id)?.measure(measured) ?? null;

test.each(['python-latency', 'http-latency', 'own-queue-share', 'python-throughput', 'docker-run'])(
  'the interval of %s has its value in it',
  (id) => {
    const [low, high] = ranges.get(id) ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThan(Number(measuredOf(id)));
    expect(high).toBeGreaterThan(Number(measuredOf(id)));
  },
);

test.each(['container-memory', 'job-rate', 'worker-memory'])(
  '%s has none, because no times decide it',
  (id) => {
    expect(ranges.get(id)).toBeNull();
  },
);

test('rows without times have no interval', () => {
  expect(rangesOf(targets, sampleMeasured()).get('python-latency')).toBeNull();
});
