/** What the worker defends, against scripts and against supervisors. */
import type { Mutation } from './mutation.ts';

export const ofHost: readonly Mutation[] = [
  {
    name: 'dirty-is-destroyed',
    defence: 'a sandbox whose reset failed is used again',
    edits: [
      {
        file: 'src/sandbox/resets.ts',
        find: "if (!(await sandbox.ready())) return 'not-clean';",
        replace: 'await sandbox.ready();',
      },
    ],
    noticedBy: { test: 'test/sandbox/pool.test.ts' },
  },
  {
    name: 'one-tenant',
    defence: 'a sandbox serves several tenants',
    edits: [
      {
        file: 'src/sandbox/free-sandboxes.ts',
        find: 'JSON.stringify([tenant, kindKey(kind)])',
        replace: 'JSON.stringify([kindKey(kind)])',
      },
    ],
    noticedBy: { test: 'test/sandbox/pool.test.ts' },
  },
  {
    name: 'one-kind',
    defence: 'a job gets the sandbox of another profile or project',
    edits: [
      {
        file: 'src/sandbox/free-sandboxes.ts',
        find: 'JSON.stringify([tenant, kindKey(kind)])',
        replace: 'JSON.stringify([tenant])',
      },
    ],
    noticedBy: { test: 'test/sandbox/pool-kinds.test.ts' },
  },
  {
    name: 'output-cap',
    defence: '16 MiB of output are kept',
    edits: [
      {
        file: 'src/protocol/run.ts',
        find: 'stdoutBytes: 1 << 20',
        replace: 'stdoutBytes: 16 << 20',
      },
    ],
    noticedBy: { attacks: ['proto-json-10mb'] },
  },
  {
    name: 'host-timer',
    defence: 'the host has no timer, only the supervisor has',
    edits: [
      {
        file: 'src/sandbox/sandbox.ts',
        find: 'limits.timeoutMs + timerGraceMs',
        replace: '2 ** 31 - 1',
      },
    ],
    noticedBy: { test: 'test/sandbox/sandbox.test.ts', title: 'host timer' },
  },
  {
    name: 'nonce',
    defence: 'an answer with any nonce is taken',
    edits: [
      {
        file: 'src/sandbox/channel.ts',
        find: 'waiter === undefined || !this.#nonce.equals(frame.nonce)',
        replace: 'waiter === undefined',
      },
    ],
    noticedBy: { test: 'test/sandbox/sandbox.test.ts', title: 'nonce' },
  },
  {
    name: 'bounded-frames',
    defence: 'a frame of the supervisor may have any length',
    edits: [
      {
        file: 'src/sandbox/frame-reader.ts',
        find: 'if (length > this.#limit)',
        replace: 'if (length < 0)',
      },
    ],
    noticedBy: { test: 'test/sandbox/frame-reader.test.ts' },
  },
  {
    name: 'strict-stream',
    defence: 'an attach stream that is not multiplexed is taken',
    edits: [{ file: 'src/sandbox/demux.ts', find: 'padding !== 0', replace: 'padding < 0' }],
    noticedBy: { test: 'test/sandbox/demux.test.ts' },
  },
  {
    name: 'workspace-read-only',
    defence: 'a workspace can be written',
    edits: [
      {
        file: 'src/sandbox/workspace/mount.ts',
        find: '    ReadOnly: true,',
        replace: '    ReadOnly: false as true,',
      },
    ],
    noticedBy: { test: 'test/integration/workspace.test.ts', title: 'cannot change anything' },
  },
  {
    name: 'workspace-alone',
    defence: 'file systems below a workspace are mounted with it',
    edits: [
      {
        file: 'src/sandbox/workspace/mount.ts',
        find: 'NonRecursive: true },\n  };',
        replace: 'NonRecursive: false as true },\n  };',
      },
    ],
    noticedBy: {
      test: 'test/integration/workspace-mounts.test.ts',
      title: 'comes after the look-up is not',
    },
  },
  {
    name: 'workspace-identity',
    defence: 'nobody looks at what was mounted',
    edits: [
      {
        file: 'src/sandbox/workspace/create.ts',
        find: 'await checkMount(sandbox, path, held, gvisor);',
        replace: 'void [checkMount, held, gvisor];',
      },
    ],
    noticedBy: { test: 'test/integration/workspace-mounts.test.ts', title: 'replaced by a link' },
  },
  {
    name: 'workspace-sockets',
    defence: 'sandboxes with a workspace have sockets',
    edits: [
      {
        file: 'src/sandbox/workspace/mount.ts',
        find: "name !== 'socket' && name !== 'socketpair'",
        replace: "name !== ''",
      },
    ],
    noticedBy: { test: 'test/integration/workspace.test.ts', title: 'through a socket file' },
  },
  {
    name: 'workspace-roots',
    defence: 'a folder whose name begins like that of a root counts as inside',
    edits: [
      {
        file: 'src/sandbox/workspace/roots.ts',
        find: `one.startsWith(\`\${folder}/\`)`,
        replace: 'one.startsWith(folder)',
      },
    ],
    noticedBy: { test: 'test/sandbox/workspace/workspaces.test.ts' },
  },
];
