/** The jobs that somebody waits for. */
import { expect, it } from 'vitest';
import { PendingJobs } from '../../src/queue/pending.ts';

it('pending jobs are counted by tenant, found by id, and settled once', async () => {
  const jobs = new PendingJobs();
  const add = (id: string, tenant: string) => jobs.add({ id, tenant, apart: false });
  const [one] = [add('1', 'a'), add('2', 'a'), add('3', 'b')];
  expect([jobs.size, jobs.ofTenant('a'), [...jobs.counts()]]).toEqual([3, 2, [2, 1]]);
  expect(jobs.get('1')).toBe(one);
  one?.settle({ failure: { code: 'DEADLINE', message: 'first' } });
  one?.settle({ failure: { code: 'INTERNAL', message: 'second' } });
  expect(await one?.outcome).toMatchObject({ failure: { message: 'first' } });
  expect([jobs.size, jobs.ofTenant('a'), jobs.get('1')]).toEqual([2, 1, undefined]);
  jobs.get('3')?.settle({ failure: { code: 'DEADLINE', message: '' } });
  expect(jobs.ofTenant('b')).toBe(0);
});
