import { expect, it } from 'vitest';
import { hookpoolHere } from '../../support/cli-here.ts';

it.each([
  [['--record', '--live'], /--record keeps the answers and --live does not/],
  [['--repeat', '20'], /--repeat needs --live/],
  [['--live', '--repeat', '0'], /--repeat is "0"; it must be a number from 1 to 1000/],
  [['--live', '--repeat', '1.5'], /--repeat is 1\.5; it must be a whole number/],
  [['--tenant', 'a'], /--tenant needs --record or --live/],
  [['--watch', '--live'], /--watch would ask again/],
  [
    ['--live'],
    /--live asks real judges and services: set HOOKPOOL_JUDGES_FILE or HOOKPOOL_TARGETS/,
  ],
  [['--record'], /--record asks real judges and services: set HOOKPOOL_JUDGES_FILE or HOOKPOOL_T/],
])('hookpool test %j is bad usage, and says why', async (options, message) => {
  const { code, stderr } = await hookpoolHere(['test', 'missing', ...options]);
  expect(stderr).toMatch(message);
  expect(code).toBe(64);
});
