/** What the container spec and its seccomp profile defend. */
import type { Mutation } from './mutation.ts';

const spec = 'src/sandbox/spec.ts';
const seccomp = 'sandbox-images/seccomp.json';
const posture = 'sandbox-images/supervisor/posture.c';

export const ofContainer: readonly Mutation[] = [
  {
    name: 'seccomp-profile',
    defence: 'the seccomp profile allows every call',
    edits: [
      {
        file: seccomp,
        find: '"defaultAction": "SCMP_ACT_ERRNO"',
        replace: '"defaultAction": "SCMP_ACT_ALLOW"',
      },
    ],
    noticedBy: { attacks: ['bnd-net-families', 'bnd-keyctl', 'leak-sysv-plant'] },
  },
  {
    name: 'seccomp-off',
    defence: 'no seccomp profile at all',
    edits: [
      {
        file: spec,
        find: `\`seccomp=\${seccomp}\``,
        replace: "'seccomp=unconfined'",
      },
    ],
    noticedBy: { attacks: ['ctl-allow-silent'] },
  },
  {
    name: 'no-new-privileges',
    defence: 'no-new-privileges, and the self-check for it',
    edits: [
      {
        file: spec,
        find: `'no-new-privileges:true', \`seccomp=\${seccomp}\``,
        replace: "'seccomp=unconfined'",
      },
      { file: posture, find: 'if (no_new_privs != 1)', replace: 'if (no_new_privs > 1)' },
      { file: posture, find: 'if (seccomp != 2 && !gvisor)', replace: 'if (seccomp > 2)' },
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
        file: posture,
        find: 'if (effective != CAPABILITIES || bounding != CAPABILITIES)',
        replace: 'if (effective == 0)',
      },
      { file: posture, find: 'if (inheritable & ~CAPABILITIES)', replace: 'if (effective == 0)' },
    ],
    noticedBy: { attacks: ['bnd-caps-seccomp-nnp'] },
  },
  {
    name: 'network-none',
    defence: 'the network of the engine, and no self-check for it',
    edits: [
      { file: spec, find: "NetworkMode: 'none'", replace: "NetworkMode: 'bridge'" },
      { file: spec, find: 'NetworkDisabled: true', replace: 'NetworkDisabled: false' },
      {
        file: posture,
        find: '  check_network();\n',
        replace: '  if (effective == 0) check_network();\n',
      },
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
        replace:
          '"architecture": "SCMP_ARCH_X86_64",\n      "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]',
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
    edits: [
      {
        file: spec,
        find: "18m,nr_inodes=64,mode=0755'",
        replace: "18m,nr_inodes=64,mode=0755,uid=' + jobUid",
      },
    ],
    noticedBy: { attacks: ['own-job-folder-plant'] },
  },
  {
    name: 'pids-limit',
    defence: 'no limit on tasks',
    edits: [
      {
        file: spec,
        find: 'PidsLimit: pidsLimit(limits, options.runtime)',
        replace: 'PidsLimit: 0',
      },
    ],
    noticedBy: { attacks: ['res-fork-count'] },
  },
  {
    name: 'memory-limit',
    defence: 'eight times the memory',
    edits: [
      {
        file: spec,
        find: '      Memory: limits.memoryBytes',
        replace: '      Memory: 8 * limits.memoryBytes',
      },
      {
        file: spec,
        find: 'MemorySwap: limits.memoryBytes',
        replace: 'MemorySwap: 8 * limits.memoryBytes',
      },
    ],
    noticedBy: { attacks: ['res-mem-hog'] },
  },
  {
    name: 'swap-limit',
    defence: 'swap as the engine likes',
    edits: [{ file: spec, find: 'MemorySwap: limits.memoryBytes', replace: 'MemorySwap: -1' }],
    noticedBy: { test: 'test/sandbox/spec.test.ts' },
  },
  {
    name: 'scratch-size',
    defence: 'a scratch folder without a size',
    edits: [
      {
        file: spec,
        find: `noexec,nosuid,nodev,size=\${limits.scratchBytes},`,
        replace: 'noexec,nosuid,nodev,',
      },
    ],
    noticedBy: { attacks: ['res-tmpfs-fill'] },
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
];
