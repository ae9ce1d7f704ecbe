/** Which jobs Redis is asked about first. */
import { expect, it } from 'vitest';
import { inCheckOrder } from '../../src/queue/check-order.ts';
import { type PendingJob, PendingJobs } from '../../src/queue/pending.ts';

const jobs = new PendingJobs();

function job(id: string, tenant: string, askedAt: number, suspicions = 0): PendingJob {
  return Object.assign(jobs.add({ id, tenant, apart: false }), { askedAt, suspicions });
}

const order = (due: PendingJob[]) =>
  inCheckOrder(due, (one) => one.suspicions > 0).map(({ id }) => id);

it('the job that was asked about longest ago comes first', () => {
  expect(order([job('1', 'a', 30), job('2', 'a', 10), job('3', 'a', 20)])).toEqual(['2', '3', '1']);
});

it('tenants take turns, whoever has the most jobs', () => {
  const due = [
    job('a1', 'a', 1),
    job('a2', 'a', 2),
    job('a3', 'a', 3),
    job('b1', 'b', 9),
    job('c1', 'c', 8),
    job('c2', 'c', 9),
  ];
  expect(order(due)).toEqual(['a1', 'c1', 'b1', 'a2', 'c2', 'a3']);
});

it('urgent jobs come before all others, and their tenants take turns as well', () => {
  const due = [
    job('a1', 'a', 1),
    job('a2', 'a', 5, 1),
    job('a3', 'a', 6, 1),
    job('b1', 'b', 1),
    job('b2', 'b', 9, 1),
  ];
  expect(order(due)).toEqual(['a2', 'b2', 'a3', 'a1', 'b1']);
});
