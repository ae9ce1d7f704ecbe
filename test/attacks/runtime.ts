/** What differs between the OCI runtimes under which the corpus runs. */
import { readFileSync } from 'node:fs';
import { isGvisor } from '../../src/sandbox/spec.ts';
import type { Entry, Open } from './entry.ts';
import type { Outcome } from './judge.ts';

/**
 * gVisor has no limit between the processes of one sandbox: what asks for too many tasks or too much
 * memory ends the whole sandbox. Without a decision, in time, and with a clean replacement that holds;
 * the canary looks at the replacement.
 */
export function diedInstead(entry: Entry, { run, wallMs }: Outcome, runtime: string): boolean {
  const deadlineMs = ((entry.timeout_s ?? 10) + 1) * 1000;
  return isGvisor(runtime) && entry.class === 'resource' && 'code' in run && run.code === 'SANDBOX_LOST' && wallMs < deadlineMs;
}

/** The output that counts as a known limit: of hookpool (`open` in the entry), of this machine, or of the runtime. */
export function knownLimit(entry: Entry, runtime: string): Open | undefined {
  if (entry.open !== undefined) return entry.open;
  return entry.id === 'bnd-sched-rlimits' && !isGvisor(runtime) && !hasSysResource()
    ? { output: 'BREACHED:oom-lower', reason: 'root lacks CAP_SYS_RESOURCE here, so the engine cannot pin oom_score_adj_min' }
    : undefined;
}

/** CAP_SYS_RESOURCE is bit 24; who is not root learns from the bounding set what root may have. */
function hasSysResource(): boolean {
  const field = process.getuid?.() === 0 ? 'CapEff' : 'CapBnd';
  const [, mask = '0'] = new RegExp(`^${field}:\\s*([0-9a-f]+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${mask}`) >> 24n) & 1n) === 1n;
}
