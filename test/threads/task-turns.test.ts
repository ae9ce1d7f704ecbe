import { expect, it } from 'vitest';
import { TaskTurns } from '../../src/threads/task-turns.ts';

const tasksOf = (...tenants: string[]) => tenants.map((tenant, index) => ({ tenant, index }));

it('the first task of a tenant without a turn is next', () => {
  const turns = new TaskTurns();
  turns.took('a');
  expect(turns.next(tasksOf('a', 'b', 'b', 'c'))).toEqual({ tenant: 'b', index: 1 });
});

it('the tenant whose last turn is longest ago is next when all had one', () => {
  const turns = new TaskTurns();
  for (const tenant of ['a', 'b', 'a']) turns.took(tenant);
  expect(turns.next(tasksOf('a', 'b'))).toMatchObject({ tenant: 'b' });
});

it('without tasks there is no next one', () => {
  expect(new TaskTurns().next([])).toBeUndefined();
});

it('a tenant is forgotten after the turns of 1,000 others, and goes first again', () => {
  const turns = new TaskTurns();
  turns.took('a');
  for (let other = 0; other < 999; other++) turns.took(`t${other}`);
  expect(turns.next(tasksOf('t0', 'a'))).toMatchObject({ tenant: 'a' });
  turns.took('t999');
  turns.took('a');
  expect(turns.next(tasksOf('t999', 'a', 't0'))).toMatchObject({ tenant: 't0' });
});
