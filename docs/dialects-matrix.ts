/** Tables of docs/dialects.md whose cells say what decide() does. */
import { dialects } from '../src/agents/registry.ts';
import { failModesOf } from '../src/files/compile-entry.ts';
import type { HookResult } from '../src/protocol/decision.ts';
import type { Dialect } from '../src/protocol/dialect.ts';
import type { Hook } from '../src/protocol/hook.ts';
import { emptyRun, type RunResult } from '../src/protocol/run.ts';
import { decide } from '../src/protocol/verdict/decide.ts';
import { table } from './markdown-table.ts';

type Situation = readonly [title: string, run: RunResult];

export const exitRuns: readonly Situation[] = [
  ['0', exited(0)],
  ['1', exited(1, '', 'text')],
  ['1, JSON block', exited(1, '{"decision":"block","reason":"r"}')],
  ['2, stderr', exited(2, '', 'text')],
  ['2, nothing', exited(2)],
  ['2, JSON allow', exited(2, '{"decision":"allow"}', 'text')],
  ['3, stderr', exited(3, '', 'text')],
  ['49', exited(49, '', 'text')],
  ['timeout', emptyRun('timed-out')],
  ['signal', emptyRun('signaled')],
];

export const outputRuns: readonly Situation[] = [
  ['text', exited(0, 'text')],
  ['`{"decision":`', exited(0, '{"decision":')],
  ['`{} {}`', exited(0, '{} {}')],
  ['`[1]`', exited(0, '[1]')],
  ['`{"decision":"blok"}`', exited(0, '{"decision":"blok"}')],
  ['`{"zzz":1}`', exited(0, '{"zzz":1}')],
  ['`{"continue":false}`', exited(0, '{"continue":false,"reason":"r"}')],
];

export const spellingRuns: readonly Situation[] = [
  { decision: 'block' },
  { decision: 'deny' },
  { decision: 'allow' },
  { decision: 'approve' },
  { decision: 'ask' },
  { ok: false },
  { permissionDecision: 'deny' },
  { hookSpecificOutput: { permissionDecision: 'deny' } },
  { hook_specific_output: { permission_decision: 'deny' } },
  { cancel: true },
].map((said) => {
  const text = JSON.stringify(said);
  return [`\`${text}\``, exited(0, text.replace('}', ',"reason":"r"}'))];
});

/** A row for each dialect, a column for each situation before a tool runs. */
export function matrix(title: string, about: string, situations: readonly Situation[]): string {
  const legend =
    'error: the hook gave no decision. message, feedback: told to the user, to the model. ends: the turn ends.';
  const rows = dialects.map((dialect) => {
    const event = toolEvent(dialect);
    return [`${dialect.name} ${event}`, ...situations.map(([, run]) => cell(dialect, event, run))];
  });
  return `## ${title}\n\n${about} ${legend}\n\n${table(['', ...situations.map(([name]) => name)], rows)}`;
}

function toolEvent({ events }: Dialect): string {
  const names = Object.keys(events);
  return (
    names.find((name) =>
      /^(pre_?tool_?use|beforetool|beforeshell.*|pre_run_command)$/i.test(name),
    ) ?? String(names[0])
  );
}

function cell(dialect: Dialect, event: string, run: RunResult): string {
  const result = decide(dialect, sampleHook(dialect, event), run);
  return [result.decision, ...besides(result)].join(', ') + (isForeign(result) ? ' \\*' : '');
}

function besides({
  cause,
  systemMessage,
  additionalContext,
  continue: goesOn,
}: HookResult): string[] {
  return [
    ...(cause.kind === 'fail-mode' ? ['error'] : []),
    ...(additionalContext === undefined ? [] : ['feedback']),
    ...(systemMessage === undefined ? [] : ['message']),
    ...(goesOn === false ? ['ends'] : []),
  ];
}

function isForeign({ diagnostics }: HookResult): boolean {
  return diagnostics.some(({ code }) => code === 'foreign-spelling');
}

function sampleHook(dialect: Dialect, event: string): Hook {
  return {
    name: 'guard',
    event,
    tier: 'agent',
    action: { kind: 'command', script: { runtime: 'bash', source: 'exit 0' } },
    matcher: '*',
    matches: () => true,
    timeoutMs: dialect.defaultTimeoutMs,
    ...failModesOf({ dialect, event }, undefined),
    sources: undefined,
    activation: 'always',
  };
}

function exited(exitCode: number, out = '', err = ''): RunResult {
  const [stdout, stderr] = [Buffer.from(out), Buffer.from(err)];
  const sizes = { stdoutTotalBytes: stdout.length, stderrTotalBytes: stderr.length };
  return { ...emptyRun('exited'), exitCode, stdout, stderr, ...sizes };
}
