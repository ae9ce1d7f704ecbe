/** What keeps a job from that which the kernel has once for all sandboxes. */
import type { Mutation } from './mutation.ts';

const spec = 'src/sandbox/spec.ts';
const seccomp = 'sandbox-images/seccomp.json';
const supervisor = 'sandbox-images/supervisor';
/** A number of the filter below which arguments are permitted. */
const below = (value: number, index?: number) =>
  `${index === undefined ? '' : `"index": ${index},\n          `}"value": ${value},\n          "op": "SCMP_CMP_LT"`;

export const ofSharedKernel: readonly Mutation[] = [
  {
    name: 'terminals',
    defence: 'pseudo terminals can be opened, and no self-check for it',
    edits: [
      { file: spec, find: "  '/dev/pts',\n", replace: '' },
      {
        file: `${supervisor}/posture.c`,
        find: '    check_terminals();\n',
        replace: '    if (effective == 0) check_terminals();\n',
      },
    ],
    noticedBy: { attacks: ['own-pseudo-terminals'] },
  },
  {
    name: 'pressure',
    defence: 'triggers can be set on the pressure of the host',
    edits: [{ file: spec, find: "  '/proc/pressure',\n", replace: '' }],
    noticedBy: { attacks: ['own-pressure'] },
  },
  {
    name: 'call-filters',
    defence: 'jobs may load filters of system calls',
    edits: [
      { file: seccomp, find: '"sched_yield",\n', replace: '"sched_yield",\n        "seccomp",\n' },
    ],
    noticedBy: { attacks: ['own-kernel-programs'] },
  },
  {
    name: 'call-filters-by-prctl',
    defence: 'jobs may load filters of system calls by the older call',
    edits: [{ file: seccomp, find: below(22), replace: below(23) }],
    noticedBy: { attacks: ['own-kernel-programs'] },
  },
  {
    name: 'socket-filters',
    defence: 'jobs may load filters into sockets',
    edits: [{ file: seccomp, find: below(26), replace: below(60) }],
    noticedBy: { attacks: ['own-kernel-programs'] },
  },
  {
    name: 'locks',
    defence: 'jobs may lock files',
    edits: [{ file: seccomp, find: below(5), replace: below(40) }],
    noticedBy: { attacks: ['own-locks', 'own-record-lock-plant'] },
  },
  {
    name: 'pipe-size',
    defence: 'jobs may make pipes larger',
    edits: [
      {
        file: seccomp,
        find: '"value": 4294967292,\n          "valueTwo": 1032',
        replace: '"value": 4294967280,\n          "valueTwo": 1024',
      },
    ],
    noticedBy: { attacks: ['own-pipe-size'] },
  },
  {
    name: 'sync',
    defence: 'jobs may write back the memory of the host',
    edits: [
      {
        file: seccomp,
        find: '"symlinkat",\n',
        replace: '"symlinkat",\n        "sync",\n        "syncfs",\n',
      },
    ],
    noticedBy: { attacks: ['own-sync'] },
  },
  {
    name: 'page-cache',
    defence: 'jobs may drop the files of the image from the memory of the host',
    edits: [{ file: seccomp, find: below(4, 3), replace: below(5, 3) }],
    noticedBy: { attacks: ['own-sync'] },
  },
  {
    name: 'core-limit',
    defence: 'a core limit of 0, and no self-check for it',
    edits: [
      {
        file: spec,
        find: "{ Name: 'core', Soft: 1, Hard: 1 }",
        replace: "{ Name: 'core', Soft: 0, Hard: 0 }",
      },
      {
        file: `${supervisor}/posture.c`,
        find: '    check_core_limit();\n',
        replace: '    if (effective == 0) check_core_limit();\n',
      },
    ],
    noticedBy: { attacks: ['own-core-limit'] },
  },
  {
    name: 'core-limit-stays',
    defence: 'jobs may lower the core limit',
    edits: [{ file: seccomp, find: below(4, 1), replace: below(5, 1) }],
    noticedBy: { attacks: ['own-core-limit'] },
  },
  {
    name: 'programs-by-path',
    defence: 'programs can be started by a descriptor',
    edits: [{ file: seccomp, find: '"execve",\n', replace: '"execve",\n        "execveat",\n' }],
    noticedBy: { attacks: ['own-program-of-descriptor'] },
  },
];
