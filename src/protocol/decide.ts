/**
 * From the facts of a run to the result of a hook. This is the only place where a run becomes a
 * decision; every run that gave none goes through failMode() with its cause.
 */
import type { Cause, Diagnostic, Durations, Failure, HookErrorCode, HookResult, RunFacts } from './decision.ts';
import { outputHeadBytes } from './decision.ts';
import { type Dialect, type EventRules, eventRules } from './dialect.ts';
import type { Hook } from './hook.ts';
import { type Output, type ParsedOutput, parseOutput } from './output.ts';
import { type RunResult, stderrTruncated, stdoutTruncated } from './run.ts';

type Draft = Omit<HookResult, 'hook' | 'tier' | 'event' | 'facts' | 'durations'>;

const maxReasonLength = 32_768;
const noDurations: Durations = { queueMs: 0, leaseMs: 0, runMs: 0, totalMs: 0 };
const blockExitCode = 2;

/** What the interpreter or a tool says when exit code 2 was its own, not the author's. */
const accidentalExit2 =
  /syntax error|No such file or directory|can't open file|unexpected EOF|usage: |unrecognized arguments|invalid option/i;
const commandNotFound = /: command not found/;

/** The result of a hook that ran, or that could not be run. */
export function decide(
  dialect: Dialect,
  hook: Hook,
  outcome: RunResult | Failure,
  durations: Durations = noDurations,
): HookResult {
  const rules = eventRules(dialect, hook.event);
  const facts = 'status' in outcome ? factsOf(outcome) : null;
  const draft =
    'status' in outcome ? decideRun(dialect, hook, rules, outcome) : failMode(hook, rules, outcome.code, outcome.message, []);
  return { hook: hook.name, tier: hook.tier, event: hook.event, ...draft, facts, durations };
}

function decideRun(dialect: Dialect, hook: Hook, rules: EventRules, run: RunResult): Draft {
  const error = statusError(hook, run);
  const seen = stderrDiagnostics(run);
  if (error !== undefined) return failMode(hook, rules, error.code, error.message, seen);
  if (run.exitCode === blockExitCode) return exitBlock(dialect, hook, rules, run, seen);
  if (run.exitCode !== 0) return badExit(hook, rules, run, seen);
  if (stdoutTruncated(run)) {
    const message = `The script printed ${run.stdoutTotalBytes} bytes; only ${run.stdout.length} are read, and half a JSON text means nothing.`;
    return failMode(hook, rules, 'HOOK_OUTPUT_LIMIT', message, seen);
  }
  const parsed = parseOutput(dialect, run.stdout);
  switch (parsed.kind) {
    case 'empty':
      return { decision: 'none', cause: { kind: 'exit-code', exitCode: 0 }, diagnostics: seen };
    case 'malformed':
      return failMode(hook, rules, 'HOOK_OUTPUT_MALFORMED', parsed.message, [...seen, parsed.diagnostic]);
    case 'unknown':
      return failMode(hook, rules, 'HOOK_OUTPUT_UNKNOWN', `The output cannot be understood: ${parsed.message}`, seen);
    case 'output':
      return fromOutput(hook, rules, parsed.output, seen);
  }
}

/** The statuses that never give a decision, whatever was printed before. */
function statusError(hook: Hook, run: RunResult): { code: HookErrorCode | Failure['code']; message: string } | undefined {
  switch (run.status) {
    case 'exited':
      return undefined;
    case 'signaled':
      return { code: 'HOOK_SIGNALED', message: `The script was ended by ${run.signal ?? 'a signal'}.` };
    case 'timed-out':
      return { code: 'HOOK_TIMED_OUT', message: `The script ran longer than its timeout of ${hook.timeoutMs / 1000} s.` };
    case 'out-of-memory':
      return {
        code: 'HOOK_OUT_OF_MEMORY',
        message: 'The script, or a process that it started, was killed for using too much memory.',
      };
    case 'output-limit':
      return { code: 'HOOK_OUTPUT_LIMIT', message: 'The script was ended because it printed without end.' };
    case 'lost':
      return { code: 'SANDBOX_LOST', message: 'The sandbox went away; nothing is known about the script.' };
    case 'cancelled':
      return { code: 'HOOK_CANCELLED', message: 'The script was cancelled.' };
  }
}

function badExit(hook: Hook, rules: EventRules, run: RunResult, seen: readonly Diagnostic[]): Draft {
  const tail = new TextDecoder().decode(run.stderr.subarray(-500)).trim();
  const message = `The script ended with exit code ${run.exitCode}.${tail && ` stderr: ${tail}`}`;
  const ignored: Diagnostic[] =
    run.stdout.length > 0 ? [{ code: 'output-ignored', message: 'stdout only counts with exit code 0.' }] : [];
  return failMode(hook, rules, 'HOOK_EXIT_CODE', message, [...seen, ...ignored]);
}

/** Exit code 2 always rejects; failMode does not soften it, and no output overturns it. */
function exitBlock(dialect: Dialect, hook: Hook, rules: EventRules, run: RunResult, seen: readonly Diagnostic[]): Draft {
  const stderr = head(run.stderr, run.stderr.length).trim().slice(0, maxReasonLength);
  const said: ParsedOutput =
    run.stdout.length > 0 && !stdoutTruncated(run) ? parseOutput(dialect, run.stdout) : { kind: 'empty' };
  const output = said.kind === 'output' ? said.output : undefined;
  const sources = { stderr: stderr === '' ? undefined : stderr, output: output?.reason };
  const reason = dialect.blockReasonFrom.map((from) => sources[from]).find((text) => text !== undefined);
  const suspect: Diagnostic[] = accidentalExit2.test(stderr)
    ? [{ code: 'exit-2-from-last-command', message: 'Exit code 2 looks like that of a failed command, not like a decision.' }]
    : [];
  const draft = reject(hook, rules, reason, { kind: 'exit-code', exitCode: blockExitCode }, [...seen, ...suspect]);
  return output?.additionalContext === undefined ? draft : { ...draft, additionalContext: output.additionalContext };
}

function fromOutput(hook: Hook, rules: EventRules, output: Output, seen: readonly Diagnostic[]): Draft {
  const diagnostics = [...seen, ...output.diagnostics];
  const wanted = output.decision ?? 'none';
  const cannotAsk = wanted === 'ask' && !rules.canAsk && rules.canBlock;
  // To end the turn is to reject the action, except where the event is the end of the turn.
  const endsTurn = output.continue === false && !rules.endsTurn;
  if (cannotAsk)
    diagnostics.push({ code: 'cannot-ask', message: `Nobody can be asked at ${hook.event}, so this counts as block.` });
  const reason = output.reason ?? (endsTurn ? output.stopReason : undefined) ?? (cannotAsk ? defaultReason(hook) : undefined);
  const base =
    wanted === 'block' || cannotAsk || endsTurn
      ? reject(hook, rules, reason, { kind: 'output' }, diagnostics)
      : { ...accept(hook, rules, wanted, output, diagnostics), ...defined({ reason: output.reason }) };
  return {
    ...base,
    ...defined({
      additionalContext: output.additionalContext,
      systemMessage: output.systemMessage,
      updatedInput: output.updatedInput,
      continue: output.continue,
      stopReason: output.stopReason,
    }),
  };
}

/** "Can override even a global deny. Only user-defined hooks can trigger this." */
function accept(
  hook: Hook,
  rules: EventRules,
  wanted: 'ask' | 'allow' | 'none',
  output: Output,
  diagnostics: readonly Diagnostic[],
): Draft {
  const decision = wanted === 'ask' && !rules.canAsk ? 'none' : wanted;
  const overrides = output.permitted && decision === 'allow' && rules.canAsk && hook.tier !== 'system';
  return { decision, cause: { kind: 'output' }, diagnostics, ...(overrides ? { overridesPolicy: true } : {}) };
}

/** A rejection, as far as the event lets itself be rejected and the dialect takes one without words. */
function reject(
  hook: Hook,
  rules: EventRules,
  reason: string | undefined,
  cause: Cause,
  diagnostics: readonly Diagnostic[],
): Draft {
  if (!rules.canBlock) {
    const message = `${hook.event} cannot be blocked${reason === undefined ? '' : `; the script said: ${reason}`}`;
    return { decision: 'none', cause, diagnostics: [...diagnostics, { code: 'cannot-block', message }] };
  }
  if (reason === undefined && rules.blankReason === 'approve') {
    const message = `A rejection of ${hook.event} without a reason counts as approval. Print a reason to stderr.`;
    return { decision: 'allow', cause, diagnostics: [...diagnostics, { code: 'rejected-without-reason', message }] };
  }
  return { decision: 'block', reason: reason ?? defaultReason(hook), cause, diagnostics };
}

/** What a hook counts as when it gave no decision: exactly what its author wrote down for that case. */
function failMode(
  hook: Hook,
  rules: EventRules,
  code: HookErrorCode | Failure['code'],
  message: string,
  diagnostics: readonly Diagnostic[],
): Draft {
  const cause: Cause = { kind: 'fail-mode', code, message };
  if (hook.failMode === 'block') {
    return reject(hook, rules, `Hook ${hook.name} gave no decision and its failMode is block. ${message}`, cause, diagnostics);
  }
  return { decision: hook.failMode, cause, diagnostics };
}

function defaultReason(hook: Hook): string {
  return `Blocked by hook ${hook.name}.`;
}

function stderrDiagnostics(run: RunResult): Diagnostic[] {
  if (run.stderr.length === 0) return [];
  const line = head(run.stderr)
    .split('\n')
    .find((text) => commandNotFound.test(text));
  return line === undefined ? [] : [{ code: 'command-not-found', message: line.trim() }];
}

function factsOf(run: RunResult): RunFacts {
  return {
    status: run.status,
    exitCode: run.exitCode,
    signal: run.signal,
    stdoutHead: head(run.stdout),
    stderrHead: head(run.stderr),
    stdoutTruncated: stdoutTruncated(run) || run.stdout.length > outputHeadBytes,
    stderrTruncated: stderrTruncated(run) || run.stderr.length > outputHeadBytes,
    oomKills: run.oomKills,
  };
}

function head(bytes: Uint8Array, limit = outputHeadBytes): string {
  return new TextDecoder().decode(bytes.subarray(0, limit));
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
