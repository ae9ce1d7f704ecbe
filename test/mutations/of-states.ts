/** Defences of what a hook with `state: session` keeps from one run to the next. */
import type { Mutation } from './mutation.ts';

const packer = 'sandbox-images/supervisor/state.c';
const pack = 'src/protocol/state.ts';
const session = 'src/dispatch/session-state.ts';

export const ofStates: readonly Mutation[] = [
  {
    name: 'state-links',
    defence: 'the packer of a state follows links',
    edits: [
      {
        file: packer,
        find: 'O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC',
        replace: 'O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC',
      },
    ],
    noticedBy: { attacks: ['own-state-links'] },
  },
  {
    name: 'state-count',
    defence: 'the packer of a state counts no entries',
    edits: [
      {
        file: packer,
        find: '!is_ours && ++packer->seen > STATE_ENTRIES_MAX',
        replace: '!is_ours && ++packer->seen > 100 * STATE_ENTRIES_MAX',
      },
    ],
    noticedBy: { test: 'test/integration/state.test.ts' },
  },
  {
    name: 'state-size',
    defence: 'a state may have any size',
    edits: [
      {
        file: pack,
        find: 'if (pack.length > stateLimits.bytes) return',
        replace: 'if (pack.length > 1e9) return',
      },
    ],
    noticedBy: { test: 'test/protocol/state.test.ts', title: 'have limits' },
  },
  {
    name: 'state-paths',
    defence: 'the paths of a state may lead out of /tmp',
    edits: [
      {
        file: pack,
        find: "parts.some((part) => ['', '.', '..'].includes(part))",
        replace: "parts.some((part) => part === '')",
      },
    ],
    noticedBy: { test: 'test/protocol/state.test.ts' },
  },
  {
    name: 'state-twice',
    defence: 'a path may be in a state twice',
    edits: [
      {
        file: pack,
        find: "return known.has(path) ? 'has a path twice' : undefined;",
        replace: 'return undefined;',
      },
    ],
    noticedBy: { test: 'test/protocol/state.test.ts', title: 'is there once' },
  },
  {
    name: 'state-tenants',
    defence: 'all tenants have the same states',
    edits: [
      {
        file: 'src/server/memory-states.ts',
        find: 'this.#states.get(key.tenant, nameOf(key))',
        replace: "this.#states.get('a', nameOf(key))",
      },
    ],
    noticedBy: { test: 'test/server/memory-states.test.ts', title: 'that of its tenant' },
  },
  {
    name: 'state-sessions',
    defence: 'all sessions have the same state',
    edits: [
      {
        file: session,
        find: 'const key = { tenant, session, name };',
        replace: "const key = { tenant, session: '', name };",
      },
    ],
    noticedBy: { test: 'test/dispatch/session-state.test.ts', title: 'of the same session' },
  },
  {
    name: 'state-hooks',
    defence: 'all hooks of a set have the same state',
    edits: [
      {
        file: session,
        find: "[setOf?.(hook) ?? '', hook.event, hook.tier, hook.name, ...kind]",
        replace: "[setOf?.(hook) ?? '', hook.event, hook.tier, ...kind]",
      },
    ],
    noticedBy: { test: 'test/dispatch/session-state.test.ts' },
  },
  {
    name: 'state-where-asked',
    defence: 'every hook keeps a state',
    edits: [
      {
        file: session,
        find: "job.hook.state === 'session' && job.hook.action.kind",
        replace: 'job.hook.action.kind',
      },
    ],
    noticedBy: { test: 'test/dispatch/session-state.test.ts', title: 'without it is given none' },
  },
  {
    name: 'state-of-workers',
    defence: 'the result of a job without a state may bring one',
    edits: [
      {
        file: 'src/queue/outcome.ts',
        find: 'given === undefined ? stateless : result',
        replace: 'given === undefined ? result : { ...stateless, ...result }',
      },
    ],
    noticedBy: { test: 'test/queue/queue-runner.test.ts', title: 'that has no state gets none' },
  },
  {
    name: 'state-frames',
    defence: 'a sandbox may send a state that was not asked for',
    edits: [
      {
        file: 'src/sandbox/left-state.ts',
        find: "(hasState && status === 'exited') !== (payload !== undefined)",
        replace: "hasState && status === 'exited' && payload === undefined",
      },
    ],
    noticedBy: { test: 'test/sandbox/left-state.test.ts' },
  },
];
