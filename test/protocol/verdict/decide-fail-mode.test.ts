/**
 * Runs that gave no decision: each one counts as its hook's failMode, with the cause in the result.
 */
import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { failureCodes } from '../../../src/protocol/failure-codes.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import { emptyRun, type RunResult } from '../../../src/protocol/run.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { exited, sampleHook } from '../samples.ts';

const gates = ['PreToolUse', 'PostToolUse', 'Stop'] as const;

function decided(run: RunResult, over: Partial<Hook>) {
  return decide(azure, sampleHook(over), run);
}

const undecided: [string, RunResult, string][] = [
  ['exit 1', exited(1), 'HOOK_EXIT_CODE'],
  ['exit 127', exited(127, '', 'x: command not found'), 'HOOK_EXIT_CODE'],
  ['exit 255 with an allow', exited(255, '{"decision":"allow"}'), 'HOOK_EXIT_CODE'],
  ['an exit of which no code is known', exited(null), 'HOOK_EXIT_CODE'],
  ['a signal', { ...emptyRun('signaled'), signal: 'SIGSEGV' }, 'HOOK_SIGNALED'],
  ['a signal without a name', emptyRun('signaled'), 'HOOK_SIGNALED'],
  ['a timeout', emptyRun('timed-out'), 'HOOK_TIMED_OUT'],
  [
    'a timeout after an allow',
    { ...exited(null, '{"decision":"allow"}'), status: 'timed-out' },
    'HOOK_TIMED_OUT',
  ],
  ['a timeout after exit code 0', { ...exited(0), status: 'timed-out' }, 'HOOK_TIMED_OUT'],
  ['too much memory', emptyRun('out-of-memory'), 'HOOK_OUT_OF_MEMORY'],
  [
    'a child out of memory before exit 0',
    { ...exited(0), status: 'out-of-memory', oomKills: 1 },
    'HOOK_OUT_OF_MEMORY',
  ],
  [
    'endless output',
    { ...exited(null, '{"ok":true}'), status: 'output-limit' },
    'HOOK_OUTPUT_LIMIT',
  ],
  [
    'truncated stdout',
    { ...exited(0, '{"decision":"allow"}'), stdoutTotalBytes: 2 << 20 },
    'HOOK_OUTPUT_LIMIT',
  ],
  ['plain text', exited(0, 'looks fine'), 'HOOK_OUTPUT_MALFORMED'],
  ['half a JSON text', exited(0, '{"decision":"allow"'), 'HOOK_OUTPUT_MALFORMED'],
  ['a list', exited(0, '[]'), 'HOOK_OUTPUT_MALFORMED'],
  ['null', exited(0, 'null'), 'HOOK_OUTPUT_MALFORMED'],
  [
    'an allow that is no UTF-8',
    exited(0, Buffer.from('{"decision":"allow","reason":"\xe9"}', 'latin1')),
    'HOOK_OUTPUT_MALFORMED',
  ],
  ['a misspelt word', exited(0, '{"decision":"blok"}'), 'HOOK_OUTPUT_UNKNOWN'],
  ['unknown keys only', exited(0, '{"verdict":"block"}'), 'HOOK_OUTPUT_UNKNOWN'],
  ['a cancelled run', emptyRun('cancelled'), 'HOOK_CANCELLED'],
  ['a lost sandbox', emptyRun('lost'), 'SANDBOX_LOST'],
  [
    'a wrong value beside an allow',
    exited(0, '{"decision":"allow","ok":"yes"}'),
    'HOOK_OUTPUT_UNKNOWN',
  ],
  [
    'a key with a dot',
    exited(0, '{"hookSpecificOutput.permissionDecision":"allow"}'),
    'HOOK_OUTPUT_UNKNOWN',
  ],
];

it.each(undecided)(
  '%s gave no decision: the failMode speaks, and the cause says why',
  (_, run, code) => {
    for (const event of gates) {
      const open = decided(run, { event, failMode: 'allow' });
      expect(open).toMatchObject({ decision: 'allow', cause: { kind: 'fail-mode', code } });
      const closed = decided(run, { event, failMode: 'block' });
      expect(closed).toMatchObject({ decision: 'block', cause: { kind: 'fail-mode', code } });
      expect(closed.reason).toContain('guard');
      expect(closed.cause).toHaveProperty('message', expect.stringMatching(/\w/));
    }
  },
);

it.each(failureCodes)(
  'a hook that could not run for %s counts as its failMode and has no facts',
  (code) => {
    for (const failMode of ['allow', 'block'] as const) {
      const result = decide(azure, sampleHook({ failMode }), { code, message: 'why' });
      expect(result).toMatchObject({
        decision: failMode,
        cause: { kind: 'fail-mode', code, message: 'why' },
        facts: null,
      });
    }
  },
);
