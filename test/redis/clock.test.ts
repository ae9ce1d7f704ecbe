/** The time of Redis, between two readings of it. */
import { expect, it } from 'vitest';
import { RedisClock } from '../../src/redis/clock.ts';

it('the clock follows the one of redis', () => {
  const clock = new RedisClock();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
  clock.set(['1000', '500000']);
  expect(clock.now()).toBeGreaterThanOrEqual(1_000_500);
  expect(clock.now()).toBeLessThan(1_001_000);
});

it('the clock makes up for the age of an answer', () => {
  const clock = new RedisClock();
  clock.set(['1000', '0'], 6_000);
  expect(clock.now()).toBeGreaterThanOrEqual(1_006_000);
  expect(clock.now()).toBeLessThan(1_006_500);
});
