import { expect, it } from 'vitest';
import { AtOnce } from '../../src/outbound/at-once.ts';

it('at most 64 of a tenant and 256 of all run at once', () => {
  const atOnce = new AtOnce('requests');
  const begin = (tenant: string, count: number) =>
    Array.from({ length: count }, () => atOnce.begin(tenant)?.message);
  const nothing = (count: number) => Array(count).fill(undefined);
  expect(begin('a', 65)).toEqual([
    ...nothing(64),
    '64 requests of this tenant and 64 in total are running: no more are made.',
  ]);
  for (const tenant of ['b', 'c', 'd']) expect(begin(tenant, 64)).toEqual(nothing(64));
  expect(atOnce.begin('e')).toEqual({
    code: 'OVERLOADED',
    message: '0 requests of this tenant and 256 in total are running: no more are made.',
  });
  for (let n = 0; n < 64; n++) atOnce.end('a');
  expect(begin('e', 64)).toEqual(nothing(64));
});

it('a share begins in its part of both limits only', () => {
  const atOnce = new AtOnce('questions');
  for (let n = 0; n < 32; n++) expect(atOnce.begin('a', 0.5)).toBeUndefined();
  expect(atOnce.begin('a', 0.5)?.code).toBe('OVERLOADED');
  for (const tenant of ['b', 'c', 'd'])
    for (let n = 0; n < 32; n++) expect(atOnce.begin(tenant)).toBeUndefined();
  expect(atOnce.begin('e', 0.5)?.code).toBe('OVERLOADED');
  expect(atOnce.begin('a')).toBeUndefined();
});

it('a share of limits that are set leaves the other part of them', () => {
  const atOnce = new AtOnce('questions', { all: 4, tenant: 2 });
  expect(atOnce.begin('a', 0.5)).toBeUndefined();
  expect(atOnce.begin('a', 0.5)?.code).toBe('OVERLOADED');
  expect(atOnce.begin('a')).toBeUndefined();
  expect(atOnce.begin('a')?.code).toBe('OVERLOADED');
  expect(atOnce.begin('b', 0.5)?.code).toBe('OVERLOADED');
  for (const tenant of ['b', 'c']) expect(atOnce.begin(tenant)).toBeUndefined();
  expect(atOnce.begin('d')?.code).toBe('OVERLOADED');
});
