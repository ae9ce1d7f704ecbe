/**
 * One defence taken away at a time, and what must notice it. `find` stands in the file exactly once.
 * Attacks are ids of the corpus; they are mild enough to run where their defence is missing.
 */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  /** What is gone. */
  readonly defence: string;
  readonly edits: readonly Edit[];
  /** What must fail: entries of the corpus, or a test file with a pattern for the title. */
  readonly noticedBy: { readonly attacks: readonly string[] } | { readonly test: string; readonly title?: string };
}

const spec = 'src/sandbox/spec.ts';
const seccomp = 'sandbox-images/seccomp.json';
const supervisor = 'sandbox-images/supervisor';

export const mutations: readonly Mutation[] = [
  {
    name: 'seccomp-profile',
    defence: 'the seccomp profile allows every call',
    edits: [{ file: seccomp, find: '"defaultAction": "SCMP_ACT_ERRNO"', replace: '"defaultAction": "SCMP_ACT_ALLOW"' }],
    noticedBy: { attacks: ['bnd-net-families', 'bnd-keyctl', 'leak-sysv-plant'] },
  },
  {
    name: 'seccomp-off',
    defence: 'no seccomp profile at all',
    edits: [{ file: spec, find: '`seccomp=${options.seccompProfile}`', replace: "'seccomp=unconfined'" }],
    noticedBy: { attacks: ['ctl-allow-silent'] },
  },
  {
    name: 'no-new-privileges',
    defence: 'no-new-privileges, and the self-check for it',
    edits: [
      { file: spec, find: "'no-new-privileges:true', `seccomp=${options.seccompProfile}`", replace: "'seccomp=unconfined'" },
      { file: `${supervisor}/posture.c`, find: 'if (no_new_privs != 1)', replace: 'if (no_new_privs > 1)' },
      { file: `${supervisor}/posture.c`, find: 'if (seccomp != 2 && !gvisor)', replace: 'if (seccomp > 2)' },
    ],
    noticedBy: { attacks: ['bnd-caps-seccomp-nnp'] },
  },
  {
    name: 'capabilities',
    defence: 'capabilities are not dropped',
    edits: [{ file: spec, find: "CapDrop: ['ALL']", replace: 'CapDrop: []' }],
    noticedBy: { attacks: ['ctl-allow-silent'] },
  },
  {
    name: 'self-check',
    defence: 'capabilities are not dropped, and the self-check does not look',
    edits: [
      { file: spec, find: "CapDrop: ['ALL']", replace: 'CapDrop: []' },
      {
        file: `${supervisor}/posture.c`,
        find: 'if (effective != CAPABILITIES || bounding != CAPABILITIES)',
        replace: 'if (effective == 0)',
      },
      { file: `${supervisor}/posture.c`, find: 'if (inheritable & ~CAPABILITIES)', replace: 'if (effective == 0)' },
    ],
    noticedBy: { attacks: ['bnd-caps-seccomp-nnp'] },
  },
  {
    name: 'uid-separation',
    defence: 'jobs keep the user of the supervisor',
    edits: [
      {
        file: `${supervisor}/identity.c`,
        find: '  uid_t real, effective, saved;\n',
        replace: '  uid_t real, effective, saved;\n  if (uid != 0) return 0;\n',
      },
    ],
    noticedBy: { attacks: ['leak-uid-identity'] },
  },
  {
    name: 'network-none',
    defence: 'the network of the engine, and no self-check for it',
    edits: [
      { file: spec, find: "NetworkMode: 'none'", replace: "NetworkMode: 'bridge'" },
      { file: spec, find: 'NetworkDisabled: true', replace: 'NetworkDisabled: false' },
      { file: `${supervisor}/posture.c`, find: '  check_network();\n', replace: '  if (effective == 0) check_network();\n' },
    ],
    noticedBy: { attacks: ['bnd-net-no-route'] },
  },
  {
    name: 'unix-sockets-only',
    defence: 'sockets of every family',
    edits: [
      {
        file: seccomp,
        find: '"value": 1,\n          "op": "SCMP_CMP_EQ"',
        replace: '"value": 0,\n          "op": "SCMP_CMP_GE"',
      },
    ],
    noticedBy: { attacks: ['bnd-net-families', 'own-socket-families'] },
  },
  {
    name: '32-bit-calls',
    defence: 'the filter knows the 32-bit calls of the processor',
    edits: [
      {
        file: seccomp,
        find: '"architecture": "SCMP_ARCH_X86_64",\n      "subArchitectures": []',
        replace: '"architecture": "SCMP_ARCH_X86_64",\n      "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]',
      },
    ],
    noticedBy: { attacks: ['own-32-bit-calls'] },
  },
  {
    name: 'read-only-rootfs',
    defence: 'the root file system can be written',
    edits: [{ file: spec, find: 'ReadonlyRootfs: true', replace: 'ReadonlyRootfs: false' }],
    noticedBy: { attacks: ['ctl-allow-silent'] },
  },
  {
    name: 'masked-paths',
    defence: 'nothing of /proc and /sys is covered',
    edits: [{ file: spec, find: 'MaskedPaths: maskedPaths', replace: 'MaskedPaths: []' }],
    noticedBy: { attacks: ['bnd-proc-masked'] },
  },
  {
    name: 'job-folder',
    defence: '/job can be written by jobs',
    edits: [{ file: spec, find: 'nr_inodes=64,mode=0755', replace: 'nr_inodes=64,mode=0777' }],
    noticedBy: { attacks: ['own-job-folder-plant'] },
  },
  {
    name: 'pids-limit',
    defence: 'no limit on tasks',
    edits: [{ file: spec, find: 'PidsLimit: pidsLimit(profile, options.runtime)', replace: 'PidsLimit: 0' }],
    noticedBy: { attacks: ['res-fork-count'] },
  },
  {
    name: 'memory-limit',
    defence: 'eight times the memory',
    edits: [
      { file: spec, find: '      Memory: profile.memoryBytes', replace: '      Memory: 8 * profile.memoryBytes' },
      { file: spec, find: 'MemorySwap: profile.memoryBytes', replace: 'MemorySwap: 8 * profile.memoryBytes' },
    ],
    noticedBy: { attacks: ['res-mem-hog'] },
  },
  {
    name: 'swap-limit',
    defence: 'swap as the engine likes',
    edits: [{ file: spec, find: 'MemorySwap: profile.memoryBytes', replace: 'MemorySwap: -1' }],
    noticedBy: { test: 'test/sandbox/spec.test.ts' },
  },
  {
    name: 'scratch-size',
    defence: 'a scratch folder without a size',
    edits: [{ file: spec, find: 'size=${profile.scratchBytes},', replace: '' }],
    noticedBy: { attacks: ['res-tmpfs-fill'] },
  },
  {
    name: 'hard-limits',
    defence: 'no rlimits for jobs',
    edits: [
      {
        file: `${supervisor}/identity.c`,
        find: '  if (cpu_seconds > 0 && set_limit(RLIMIT_CPU, cpu_seconds) != 0) return -1;\n',
        replace: '  if (cpu_seconds > 0 || cpu_seconds == 0) return 0;\n',
      },
    ],
    noticedBy: { attacks: ['own-process-attributes-plant', 'own-gate-descriptor'] },
  },
  {
    name: 'ipc-namespace',
    defence: 'System V IPC and message queues can be made',
    edits: [
      { file: spec, find: "IpcMode: 'none'", replace: "IpcMode: 'private'" },
      { file: spec, find: '      Sysctls: sysctls,\n', replace: '' },
    ],
    noticedBy: { test: 'test/integration/posture.test.ts', title: 'as it was reviewed' },
  },
  {
    name: 'reset',
    defence: 'no reset after a job',
    edits: [
      {
        file: `${supervisor}/main.c`,
        find: 'const char *problem = reset_sandbox(uid);',
        replace: 'const char *problem = NULL;\n  if (uid == 0) problem = reset_sandbox(uid);',
      },
    ],
    noticedBy: { attacks: ['leak-files-plant', 'own-late-writer-plant'] },
  },
  {
    name: 'wipe',
    defence: 'the sweeper wipes nothing',
    edits: [{ file: `${supervisor}/reset.c`, find: 'wipe_scratch(scratch.mode) == 0 ? 0 : 1', replace: '0' }],
    noticedBy: { attacks: ['leak-files-plant'] },
  },
  {
    name: 'kill-all',
    defence: 'the sweeper kills nothing',
    edits: [{ file: `${supervisor}/reset.c`, find: '    kill(-1, SIGKILL);\n', replace: '' }],
    noticedBy: { attacks: ['leak-abstract-plant', 'own-late-writer-plant'] },
  },
  {
    name: 'task-check',
    defence: 'the reset does not count processes',
    edits: [
      {
        file: `${supervisor}/reset.c`,
        find: 'return (tasks >= 0 ? tasks : count_processes()) != 2 + waiting_spares();',
        replace: 'return tasks < -1 && count_processes() != 0;',
      },
    ],
    noticedBy: { attacks: ['res-setsid-nohup', 'res-daemon-double-fork'] },
  },
  {
    name: 'dirty-is-destroyed',
    defence: 'a sandbox whose reset failed is used again',
    edits: [
      {
        file: 'src/sandbox/pool.ts',
        find: "if (!(await sandbox.ready())) return 'not-clean';",
        replace: 'await sandbox.ready();',
      },
    ],
    noticedBy: { test: 'test/sandbox/pool.test.ts' },
  },
  {
    name: 'one-tenant',
    defence: 'a sandbox serves several tenants',
    edits: [{ file: 'src/sandbox/pool.ts', find: 'idle.tenant === waiter.tenant', replace: 'idle.tenant !== undefined' }],
    noticedBy: { attacks: ['leak-uid-identity', 'leak-flock-hold'] },
  },
  {
    name: 'waiting-bash',
    defence: 'a bash that waits is not ended while another job runs',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'if (run->job->head.runtime != RUNTIME_BASH) discard_bash_spare();',
        replace: 'if (run->job->head.runtime > RUNTIME_PYTHON3) discard_bash_spare();',
      },
    ],
    noticedBy: { attacks: ['own-no-sibling'] },
  },
  {
    name: 'descriptors',
    defence: 'a forked python3 keeps the descriptors of the zygote',
    edits: [{ file: `${supervisor}/zygote.c`, find: '  close_from(SUPERVISOR_FD + 1);\n', replace: '' }],
    noticedBy: { attacks: ['own-pipes-of-others'] },
  },
  {
    name: 'output-cap',
    defence: '16 MiB of output are kept',
    edits: [{ file: 'src/protocol/run.ts', find: 'stdoutBytes: 1 << 20', replace: 'stdoutBytes: 16 << 20' }],
    noticedBy: { attacks: ['proto-json-10mb'] },
  },
  {
    name: 'flood-end',
    defence: 'a job that prints without end is not ended',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'return sink->total > (limit > FLOOD_MIN ? limit : FLOOD_MIN);',
        replace: 'return sink->total > UINT64_MAX - limit - 1;',
      },
    ],
    noticedBy: { attacks: ['res-stdout-flood', 'res-one-line-64mb'] },
  },
  {
    name: 'supervisor-timer',
    defence: 'the supervisor has no timer, only the host has',
    edits: [{ file: `${supervisor}/run.c`, find: 'run->cause = STATUS_TIMED_OUT;\n    return;', replace: 'left = 1000000;' }],
    noticedBy: { attacks: ['res-sleep-trap-term'] },
  },
  {
    name: 'host-timer',
    defence: 'the host has no timer, only the supervisor has',
    edits: [{ file: 'src/sandbox/sandbox.ts', find: 'limits.timeoutMs + timerGraceMs', replace: '2 ** 31 - 1' }],
    noticedBy: { test: 'test/sandbox/sandbox.test.ts', title: 'host timer' },
  },
  {
    name: 'main-process',
    defence: 'the end of the main process is not the end of the job',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'while (!run.ended && run.cause < 0)',
        replace: 'while ((!run.ended || run.out.fd >= 0) && run.cause < 0)',
      },
    ],
    noticedBy: { attacks: ['res-bg-holds-stdout', 'own-allow-printed-late'] },
  },
  {
    name: 'oom-counts',
    defence: 'an OOM kill of a child goes unnoticed',
    edits: [{ file: `${supervisor}/run.c`, find: '  else if (ooms > 0)\n', replace: '  else if (ooms > 1000)\n' }],
    noticedBy: { attacks: ['own-allow-after-child-oom'] },
  },
  {
    name: 'nonce',
    defence: 'an answer with any nonce is taken',
    edits: [
      {
        file: 'src/sandbox/sandbox.ts',
        find: 'waiter === undefined || !this.#nonce.equals(frame.nonce)',
        replace: 'waiter === undefined',
      },
    ],
    noticedBy: { test: 'test/sandbox/sandbox.test.ts', title: 'nonce' },
  },
  {
    name: 'bounded-frames',
    defence: 'a frame of the supervisor may have any length',
    edits: [{ file: 'src/sandbox/frames.ts', find: 'if (length > this.#limit) throw', replace: 'if (length < 0) throw' }],
    noticedBy: { test: 'test/sandbox/frames.test.ts' },
  },
  {
    name: 'strict-stream',
    defence: 'an attach stream that is not multiplexed is taken',
    edits: [{ file: 'src/sandbox/demux.ts', find: 'padding !== 0', replace: 'padding < 0' }],
    noticedBy: { test: 'test/sandbox/demux.test.ts' },
  },
];
