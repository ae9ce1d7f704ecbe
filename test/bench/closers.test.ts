import { expect, test } from 'vitest';
import { withClosers } from '../../bench/closers.ts';

test('what was opened is closed in reverse, also when one fails and when the work failed', async () => {
  const closed: string[] = [];
  const run = withClosers(async (closers) => {
    for (const name of ['first', 'second', 'third']) {
      closers.add(async () => {
        closed.push(name);
        if (name === 'third') throw new Error('third does not close');
      });
    }
    return 'done';
  });
  await expect(run).rejects.toThrow('third does not close');
  expect(closed).toEqual(['third', 'second', 'first']);
});
