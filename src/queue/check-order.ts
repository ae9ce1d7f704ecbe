/** Which pending jobs Redis is asked about first, when more are due than one poll asks about. */
import type { PendingJob } from './pending.ts';

/**
 * Jobs that are urgent come first, since a job must seem lost in two polls in a row; then the
 * others. Within each group the tenants take turns, so that the jobs of one tenant, however many,
 * do not keep another's from being asked about. A turn begins with the job that was asked about
 * longest ago, so that each job has its turn.
 * @param isUrgent whether the job seems lost or is given up.
 */
export function inCheckOrder(
  due: readonly PendingJob[],
  isUrgent: (job: PendingJob) => boolean,
): PendingJob[] {
  const [urgent, others]: [PendingJob[], PendingJob[]] = [[], []];
  for (const job of due) (isUrgent(job) ? urgent : others).push(job);
  return [...inTurns(urgent), ...inTurns(others)];
}

function inTurns(jobs: readonly PendingJob[]): PendingJob[] {
  const seen = new Map<string, number>();
  const turns: PendingJob[][] = [];
  for (const job of jobs.toSorted((a, b) => a.askedAt - b.askedAt)) {
    const turn = seen.get(job.tenant) ?? 0;
    seen.set(job.tenant, turn + 1);
    const others = turns[turn];
    if (others === undefined) turns.push([job]);
    else others.push(job);
  }
  return turns.flat();
}
