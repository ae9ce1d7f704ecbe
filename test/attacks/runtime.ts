/** What differs between the OCI runtimes under which the corpus runs. */
import { isGvisor } from '../../src/sandbox/spec.ts';
import type { Entry, Open } from './entry.ts';
import { type Outcome, outputOf } from './judge.ts';

/**
 * gVisor has no limit between the processes of one sandbox: what asks for too many tasks or too
 * much memory ends the whole sandbox, or is too slow. Without a decision, in time, and with a clean
 * replacement that holds; the canary looks at the replacement.
 */
export function diedInstead(entry: Entry, { run, wallMs }: Outcome, runtime: string): boolean {
  const deadlineMs = ((entry.timeout_s ?? 10) + 1) * 1000;
  const undecided = 'code' in run ? run.code === 'SANDBOX_LOST' : run.status !== 'exited';
  return isGvisor(runtime) && entry.class === 'resource' && undecided && wallMs < deadlineMs;
}

/**
 * What a probe of Linux reports in gVisor, and why it is no way out: the answers come from gVisor's
 * own kernel, which belongs to this one sandbox and, with isolation `job`, to this one job.
 */
const gvisorAnswers: readonly (readonly [RegExp, string])[] = [
  [
    /^(\d+\/)?(environ|maps|smaps|auxv|fd|fdinfo|ns\/pid)(-readable)?(-\d+)?$|^readable:\/proc\/1\/environ$/,
    'shows what other processes were started with, which holds no secret',
  ],
  [
    /^(nice|renice|affinity)-?(pid)?\d+$|^oom-lower$/,
    'lets a job change the priority of its own sandbox',
  ],
  [/^seccomp=0$|^unshare$/, 'does not load the filter of the container spec'],
  [
    /^created-|^(open:)?\/dev\/(net|fuse)/,
    'has devices of its own, behind which there is none of the host',
  ],
  [
    /^(listen6?|udp|inspector|tcp_wrap)$/,
    'has a network stack of its own, in which a job can listen and which reaches nothing outside',
  ],
  [/^dlopen$/, 'loads a native module from /tmp, which has the rights of its job'],
  [
    /^(MSGQUEUE|SIGPENDING):|^\d+-threads$/,
    'knows no such limit: memory and the tasks on the host bound the sandbox',
  ],
];

/**
 * The output that counts as a known limit: of hookpool (`open` in the entry), or of the runtime.
 */
export function knownLimit(entry: Entry, { run }: Outcome, runtime: string): Open | undefined {
  const output = outputOf(run);
  if (entry.open !== undefined) return entry.open.output === output ? entry.open : undefined;
  return isGvisor(runtime) ? gvisorLimit(output, run) : undefined;
}

function gvisorLimit(output: string, run: Outcome['run']): Open | undefined {
  const stderr = 'status' in run ? Buffer.from(run.stderr).toString() : '';
  const missing = /FileNotFoundError: .* '(\/proc\/[^']+)'/.exec(stderr)?.[1];
  if (output === '' && missing !== undefined) return { output, reason: `gVisor has no ${missing}` };
  const [, told] = /^BREACHED:(.+)$/.exec(output) ?? [];
  const reasons = told
    ?.split(/,(?![^(]*\))/)
    .map((answer) => gvisorAnswers.find(([pattern]) => pattern.test(answer))?.[1]);
  if (reasons === undefined || reasons.includes(undefined)) return undefined;
  return { output, reason: `gVisor ${[...new Set(reasons)].join('; it ')}` };
}
