/** Several reasons to pause. */
import { expect, it } from 'vitest';
import { Pauses } from '../../src/queue/pauses.ts';

it('a worker that pauses for two reasons goes on when both are gone', () => {
  const calls: string[] = [];
  const pauses = new Pauses(
    { pause: () => calls.push('pause'), resume: () => calls.push('resume') },
    ['start'],
  );
  pauses.add('rest');
  pauses.remove('start');
  expect([pauses.paused, calls]).toEqual([true, []]);
  pauses.remove('rest');
  pauses.remove('rest');
  pauses.add('trial');
  expect([pauses.has('trial'), calls]).toEqual([true, ['resume', 'pause']]);
});
