/**
 * The boundaries that docs/security.md describes, and which of them an entry of the corpus tries.
 */
import type { Entry } from './entry.ts';

export type Boundary =
  | 'control channel'
  | 'decision'
  | 'file system'
  | 'host'
  | 'kernel calls'
  | 'network'
  | 'output limits'
  | 'privileges'
  | 'processes of a job'
  | 'reset between jobs'
  | 'resource limits'
  | 'tenants'
  | 'time limits'
  | 'worker';

/** The first that matches the id names the boundary. */
const byId: readonly (readonly [RegExp, Boundary])[] = [
  [/-(terminals|programs|locks|core-limit|sync|pipe-size|pressure)$/, 'host'],
  [/chosen-victim/, 'resource limits'],
  [/stderr-(flood|without-end)/, 'output limits'],
  [
    /frame|pipes-of-others|gate|sibling|supervisor|ptrace|process-memory|signal-everyone|kill-everything|node-(?:others|signals|descriptors)/,
    'control channel',
  ],
  [/own-state-/, 'file system'],
  [/flock|record-lock|uid-identity|other-tenant/, 'tenants'],
  [/^res-(stdout|one-line)|full-pipe|stdout-flood/, 'output limits'],
  [/^res-(loop|sleep|sigstop|stdin)/, 'time limits'],
  [/^res-(daemon|setsid|bg|zombie)/, 'processes of a job'],
  [/-net-|node-network|raw-packet|abstract/, 'network'],
  [
    /^bnd-(unshare|kernel|keyctl|reboot|time|mount)|32-bit|-calls$|program-of-descriptor/,
    'kernel calls',
  ],
  [/caps|setuid|su-sudo|suid|mknod|rlimits|node-(?:thread-rights|bindings)/, 'privileges'],
  [/rootfs|proc-|sys-|dev-nodes|noexec|job-folder|project-folder/, 'file system'],
];

const byClass: Readonly<Record<string, Boundary>> = {
  resource: 'resource limits',
  leak: 'reset between jobs',
  boundary: 'file system',
  protocol: 'decision',
  control: 'worker',
};

export function boundaryOf({ id, class: kind }: Pick<Entry, 'id' | 'class'>): Boundary {
  return byId.find(([pattern]) => pattern.test(id))?.[1] ?? byClass[kind] ?? 'host';
}

/** One line of a report: which boundary broke, and how that was seen. */
export function breach(boundary: Boundary, text: string): string {
  return `[${boundary}] ${text}`;
}

/** True for breaches that a machine with too much to do can show as well. */
export function isAboutTime(text: string): boolean {
  return /\] answered after|\] \d+ ms \(p99\)|_p9\d_/.test(text);
}
