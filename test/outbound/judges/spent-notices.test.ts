import { expect, it } from 'vitest';
import { SpentNotices } from '../../../src/outbound/judges/spent-notices.ts';

it('each tenant and judge is told once an hour', () => {
  let now = 5;
  const told: string[] = [];
  const { spent } = new SpentNotices(
    (judge, tenant, why) => told.push(`${judge} ${tenant} ${why}`),
    () => now,
  );
  for (const tenant of ['a', 'a', 'b']) spent('fast', tenant, 'w');
  spent('slow', 'a', 'w');
  expect(told).toEqual(['fast a w', 'fast b w', 'slow a w']);
  now += 3_599_999;
  spent('fast', 'a', 'w');
  expect(told).toHaveLength(3);
  now += 1;
  spent('fast', 'a', 'again');
  spent('fast', 'a', 'again');
  expect(told.slice(3)).toEqual(['fast a again']);
});

it('a thousand pairs are remembered, however many tenants ask', () => {
  const told: string[] = [];
  const { spent } = new SpentNotices((_, tenant) => told.push(tenant));
  for (let n = 0; n <= 1_000; n++) spent('fast', `t${n}`, 'w');
  for (const tenant of ['t1000', 't2', 't0']) spent('fast', tenant, 'w');
  expect(told.slice(1_001)).toEqual(['t0']);
});
