/**
 * Turns the facts of a run into the result of a hook. This is the only place where a run becomes a
 * decision; every run without a decision goes through fail() with its cause.
 */
import type {
  Cause,
  Durations,
  Failure,
  HookError,
  HookFacts,
  HookResult,
  Reply,
  RunFacts,
} from '../decision.ts';
import { outputHeadBytes } from '../decision.ts';
import type { Dialect } from '../dialect.ts';
import { eventRules } from '../dialect-lookup.ts';
import type { Hook } from '../hook.ts';
import { emptyRun, type RunResult, stderrTruncated, stdoutTruncated } from '../run.ts';
import { blockExitCode, fromExit2, otherExit } from './from-exit-code.ts';
import { asGranted, asHttp, fromSaid } from './from-http.ts';
import { fromJudge } from './from-judge.ts';
import { fromParsed, fromRejection } from './from-output.ts';
import { fromCut, isCut, readRun, rejectionOnStderr } from './read-run.ts';
import { type Case, type Draft, fail } from './reject-or-fail.ts';
import { failureDiagnostics, withFailures, withLacks } from './undone.ts';

const noDurations: Durations = { queueMs: 0, leaseMs: 0, runMs: 0, totalMs: 0 };

/** The result of a hook that ran or replied, or that could not be run. */
export function decide(
  dialect: Dialect,
  hook: Hook,
  outcome: RunResult | Reply | HookError | Failure,
  durations: Durations = noDurations,
): HookResult {
  const one: Case = {
    dialect: hook.strictOutput === true ? strict(dialect) : dialect,
    hook,
    rules: eventRules(dialect, hook.event),
  };
  const facts = factsOf(outcome);
  const draft = draftOf(one, outcome);
  return {
    hook: hook.name,
    tier: hook.tier,
    event: hook.event,
    ...withinLimit(dialect, withLacks(hook, draft)),
    facts,
    durations,
  };
}

function draftOf(one: Case, outcome: RunResult | Reply | HookError | Failure): Draft {
  if ('status' in outcome) return decideRun(one, outcome);
  return 'reply' in outcome
    ? decideReply(one, outcome)
    : fail(one, outcome.code, outcome.message, []);
}

function withinLimit({ contextLimit }: Dialect, draft: Draft): Draft {
  const { additionalContext: text = '', diagnostics } = draft;
  if (contextLimit === undefined || text.length <= contextLimit.length) return draft;
  const message = `The context has ${text.length} characters; the first ${contextLimit.length} are handed on.`;
  const additionalContext = `${text.slice(0, contextLimit.length)}${contextLimit.marker}`;
  return {
    ...draft,
    additionalContext,
    diagnostics: [...diagnostics, { code: 'context-cut', message }],
  };
}

function decideRun(one: Case, run: RunResult): Draft {
  const error = statusError(one.hook, run);
  const seen = failureDiagnostics(run.stderr);
  if (error?.code === 'HOOK_OUTPUT_LIMIT') return fromCut(one, run, error.message, seen);
  if (error !== undefined) return fail(one, error.code, error.message, seen);
  if (run.exitCode === blockExitCode) return fromExit2(one, run, seen);
  if (run.exitCode !== 0) return otherExit(one, run, seen);
  if (isCut(one, run)) {
    const printed = run.stdoutTotalBytes + run.stderrTotalBytes;
    const read = run.stdout.length + run.stderr.length;
    const message = `The script printed ${printed} bytes; only ${read} are read, and half a JSON text means nothing.`;
    return fromCut(one, run, message, seen);
  }
  const parsed = readRun(one, run);
  const onStderr = rejectionOnStderr(one, run, parsed);
  if (onStderr !== undefined)
    return fromRejection(one, onStderr, 'it stands on stderr, and the exit code is 0', seen);
  const cause: Cause =
    parsed.kind === 'empty' ? { kind: 'exit-code', exitCode: 0 } : { kind: 'output' };
  return withFailures(one, parsed, fromParsed(one, parsed, cause, seen), run.stderr);
}

/** The same dialect with output rules that treat everything unknown as an error. */
function strict(dialect: Dialect): Dialect {
  const every = {
    plainText: 'error',
    broken: 'error',
    array: 'error',
    scalar: 'error',
    unknownValue: 'error',
  } as const;
  const keys = {
    unknownKeys: 'error',
    extraKeys: 'error',
    wrongType: 'error',
    eventName: 'error',
  } as const;
  return { ...dialect, output: { ...dialect.output, ...every, ...keys } };
}

/**
 * The error of a status that gives no decision, whatever the script printed. Only after the output
 * limit, a rejection that was printed before still counts.
 */
function statusError(hook: Hook, run: RunResult): HookError | Failure | undefined {
  switch (run.status) {
    case 'exited':
      return undefined;
    case 'signaled':
      return {
        code: 'HOOK_SIGNALED',
        message: `The script was ended by ${run.signal ?? 'a signal'}.`,
      };
    case 'timed-out':
      return {
        code: 'HOOK_TIMED_OUT',
        message: `The script timed out: it ran longer than ${hook.timeoutMs / 1000} s.`,
      };
    case 'out-of-memory':
      return {
        code: 'HOOK_OUT_OF_MEMORY',
        message: 'The script, or a process that it started, was killed for using too much memory.',
      };
    case 'output-limit':
      return {
        code: 'HOOK_OUTPUT_LIMIT',
        message: 'The script was ended because it printed without end.',
      };
    case 'lost':
      return {
        code: 'SANDBOX_LOST',
        message: 'The sandbox went away; nothing is known about the script.',
      };
    case 'cancelled':
      return { code: 'HOOK_CANCELLED', message: 'The script was cancelled.' };
  }
}

function decideReply(one: Case, { http, judge, ...reply }: Reply): Draft {
  if (judge !== undefined) return fromJudge(one, new TextDecoder().decode(reply.reply), judge);
  if (http === undefined) return readReply(one, reply);
  const { said } = http;
  return asGranted(said === undefined ? readReply(asHttp(one), reply) : fromSaid(one, said), http);
}

/** A reply is read as the output of a script that exited with 0. */
function readReply(one: Case, { reply, totalBytes }: Reply): Draft {
  const draft = decideRun(one, {
    ...emptyRun('exited'),
    exitCode: 0,
    stdout: reply,
    stdoutTotalBytes: totalBytes,
  });
  return draft.cause.kind === 'exit-code' ? { ...draft, cause: { kind: 'output' } } : draft;
}

function factsOf(outcome: RunResult | Reply | HookError | Failure): HookFacts | null {
  if ('status' in outcome) return runFacts(outcome);
  if (!('reply' in outcome)) return null;
  const { reply, totalBytes } = outcome;
  return {
    status: 'replied',
    replyHead: head(reply),
    replyTruncated: totalBytes > Math.min(reply.length, outputHeadBytes),
  };
}

function runFacts(run: RunResult): RunFacts {
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
