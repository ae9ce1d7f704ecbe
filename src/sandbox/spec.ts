/**
 * The container spec of a sandbox, as a pure function. Its only inputs are the operator's settings,
 * one of the operator's folders and a random user id; it takes nothing from a job.
 */
import { randomInt } from 'node:crypto';
import { projectPath } from '../protocol/bundle.ts';
import type { ContainerSpec } from './container-spec.ts';
import { withoutSockets, workspaceMount } from './workspace/mount.ts';

/** Limits of a sandbox; the operator chooses them, never a job. */
export interface SandboxLimits {
  readonly memoryBytes: number;
  readonly pids: number;
  /** CPUs that all processes of a sandbox may use together. */
  readonly cpus: number;
  /** Of `/tmp`, and again of `/project`. */
  readonly scratchBytes: number;
  readonly scratchInodes: number;
}

/**
 * 256 MiB leaves room for the interpreter, 32 MiB of scratch and as much of the project, 18 MiB of
 * script and transcript, and an 8 MiB context that python holds several times. Both folders are far
 * below the memory limit, so a full disk shows as ENOSPC and not as an OOM kill.
 */
export const defaultLimits: SandboxLimits = {
  memoryBytes: 256 << 20,
  pids: 64,
  cpus: 1,
  scratchBytes: 32 << 20,
  scratchInodes: 4096,
};

export interface SpecOptions {
  readonly image: string;
  readonly seccompProfile: string;
  readonly limits: SandboxLimits;
  readonly jobUid: number;
  readonly labels: Readonly<Record<string, string>>;
  /** OCI runtime as the engine knows it; undefined: the engine's default. */
  readonly runtime?: string | undefined;
  /** A folder of the host that the sandbox can read at the same path; see Workspaces. */
  readonly workspace?: string | undefined;
}

/** Label of all containers of hookpool, of any worker. */
export const sandboxLabel = 'hookpool.sandbox';
/**
 * `<host name>:<process id>` of the worker that created the container, for people and for leak
 * checks.
 */
export const ownerLabel = 'hookpool.owner';

/** CFS period: short, so that a throttled supervisor waits 20 ms at the most, not 100. */
const cpuPeriodUs = 20_000;

/**
 * The paths that engines since 20.10 mask, and those that were found to leak since then. Setting
 * MaskedPaths replaces the default. `/dev/pts`: a kernel has 4,096 pseudo terminals for all its
 * containers, and no limit for one of them.
 */
const maskedPaths = [
  '/dev/pts',
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kallsyms',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/modules',
  '/proc/pressure',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
  '/sys/kernel',
];

const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** Forbids System V IPC and message queues, so that a reset need not look for them. */
const sysctls = {
  'kernel.shm_rmid_forced': '1',
  'kernel.shmmni': '0',
  'kernel.msgmni': '0',
  'fs.mqueue.queues_max': '0',
  'net.ipv4.ping_group_range': '1 0',
};

/**
 * Limits that the kernel keeps per user (inotify, pipe pages, pending signals) count over the whole
 * host, so each sandbox gets its own user id. 28 random bits need no central register: among 1,000
 * live sandboxes of any number of workers, two share an id with a chance of 0.2 %.
 *
 * `narrow`: inside a user namespace (rootless engine, userns-remap) only 65,536 ids exist.
 */
export function drawJobUid(narrow = false): number {
  const { first, count } = jobUids(narrow);
  return first + randomInt(count);
}

/** Whether drawJobUid() can return this user id. */
export function isJobUid(uid: number, narrow = false): boolean {
  const { first, count } = jobUids(narrow);
  return Number.isInteger(uid) && uid >= first && uid < first + count;
}

function jobUids(narrow: boolean) {
  return narrow ? { first: 10_000, count: 50_000 } : { first: 0x1000_0000, count: 0x1000_0000 };
}

/** gVisor's own tasks on the host count against the limit, and gVisor ends when it gets none. */
const gvisorPids = 512;

/**
 * Whether an OCI runtime is gVisor: engines know it as `runsc`, and as `runsc-…` with other
 * settings.
 */
export function isGvisor(runtime: string | undefined): boolean {
  return runtime !== undefined && /^runsc(-|$)/.test(runtime);
}

/** Tasks that a container may have on the host. */
export function pidsLimit(limits: SandboxLimits, runtime: string | undefined): number {
  return isGvisor(runtime) ? Math.max(limits.pids, gvisorPids) : limits.pids;
}

/** The largest bundle: 256 files, each below 15 folders of its own, and the folder itself. */
const bundleInodes = 4200;

function projectInodes({ scratchInodes }: SandboxLimits): number {
  return Math.max(scratchInodes, bundleInodes);
}

export function containerSpec(options: SpecOptions): ContainerSpec {
  const { limits, jobUid, workspace } = options;
  const seccomp =
    workspace === undefined ? options.seccompProfile : withoutSockets(options.seccompProfile);
  return {
    Image: options.image,
    Entrypoint: ['/opt/hookpool/supervisor'],
    Cmd: [String(jobUid)],
    User: '',
    Env: [],
    WorkingDir: '/',
    Labels: { ...options.labels, [sandboxLabel]: '1' },
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    NetworkDisabled: true,
    StopSignal: 'SIGTERM',
    StopTimeout: 1,
    HostConfig: {
      AutoRemove: true,
      Binds: [],
      CapAdd: ['KILL', 'SETGID', 'SETUID'],
      CapDrop: ['ALL'],
      CgroupnsMode: 'private',
      CpuPeriod: cpuPeriodUs,
      CpuQuota: Math.round(cpuPeriodUs * limits.cpus),
      Init: false,
      IpcMode: 'none',
      LogConfig: { Type: 'none', Config: {} },
      MaskedPaths: maskedPaths,
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      ...(workspace === undefined ? {} : { Mounts: [workspaceMount(workspace)] }),
      NetworkMode: 'none',
      OomScoreAdj: 500,
      PidsLimit: pidsLimit(limits, options.runtime),
      Privileged: false,
      ReadonlyPaths: readonlyPaths,
      ReadonlyRootfs: true,
      RestartPolicy: { Name: 'no' },
      ...(options.runtime === undefined ? {} : { Runtime: options.runtime }),
      SecurityOpt: ['no-new-privileges:true', `seccomp=${seccomp}`],
      Sysctls: sysctls,
      Tmpfs: {
        '/tmp': `rw,noexec,nosuid,nodev,size=${limits.scratchBytes},nr_inodes=${limits.scratchInodes},mode=0700,uid=${jobUid},gid=${jobUid}`,
        '/job': 'rw,noexec,nosuid,nodev,size=18m,nr_inodes=64,mode=0755',
        // Commands start script files by their paths.
        [projectPath]: `rw,exec,nosuid,nodev,size=${limits.scratchBytes},nr_inodes=${projectInodes(limits)},mode=0755,uid=${jobUid},gid=${jobUid}`,
      },
      Ulimits: [
        // A kernel whose core_pattern is a pipe passes a crash to a program of the host at any core
        // limit but 1.
        { Name: 'core', Soft: 1, Hard: 1 },
        { Name: 'nofile', Soft: 256, Hard: 256 },
      ],
    },
  };
}
