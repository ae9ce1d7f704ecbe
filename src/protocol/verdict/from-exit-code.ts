/** The results of runs with exit codes other than 0. */
import type { Cause, Diagnostic } from '../decision.ts';
import type { ReasonSource } from '../output-rules.ts';
import type { RunResult } from '../run.ts';
import { fromParsed, fromRejection } from './from-output.ts';
import { type Output, rejects } from './output-object.ts';
import type { ParsedOutput } from './read-output.ts';
import { readRun, rejectionIn, textOf } from './read-run.ts';
import { type Case, type Draft, deviation, fail, reject } from './reject-or-fail.ts';

export const blockExitCode = 2;

/**
 * Messages of an interpreter or a tool that itself exited with code 2, against the author's
 * intention.
 */
const accidentalExit2 =
  /syntax error|No such file or directory|can't open file|unexpected EOF|usage: |unrecognized arguments|invalid option/i;

/** A script that bash or python3 could not read to its end. */
const brokenScript = /syntax error|unexpected EOF|SyntaxError:|IndentationError:/i;

/**
 * Exit code 2 rejects wherever the event can be rejected; failMode does not soften it, and no
 * output overturns it.
 */
export function fromExit2(one: Case, run: RunResult, seen: readonly Diagnostic[]): Draft {
  const { hook, rules } = one;
  const parsed = readRun(one, run);
  const reason = exitReason(one, run, parsed);
  const cause: Cause = { kind: 'exit-code', exitCode: blockExitCode };
  switch (rules.exit2) {
    case 'error':
      return otherExit(one, run, seen);
    case 'ignored': {
      const message = `Exit code 2 means nothing at ${hook.event}.`;
      return {
        decision: 'none',
        cause,
        diagnostics: [...seen, { code: 'output-ignored', message }],
      };
    }
    case 'feedback':
      return {
        decision: 'none',
        cause,
        diagnostics: seen,
        ...(reason === undefined ? {} : { additionalContext: reason }),
      };
    case 'notice':
      return {
        decision: 'none',
        cause,
        diagnostics: seen,
        systemMessage: `Hook ${hook.name}: ${reason ?? 'exit code 2'}`,
      };
    case 'block':
      return vetoed(one, run, { parsed, reason, seen });
  }
}

interface Veto {
  readonly parsed: ParsedOutput;
  readonly reason: string | undefined;
  readonly seen: readonly Diagnostic[];
}

function vetoed(one: Case, run: RunResult, { parsed, reason, seen }: Veto): Draft {
  const output = parsed.kind === 'output' ? parsed.output : undefined;
  const noted = [...seen, ...suspicions(textOf(run.stderr)), ...stricterThan(one, run, output)];
  const draft = {
    ...reject(one, reason, { kind: 'exit-code', exitCode: blockExitCode }, noted),
    ...turnEnd(one, reason),
  };
  if (output === undefined) return draft;
  const all =
    one.dialect.exit.json === 'exit-0' ? { additionalContext: output.additionalContext } : output;
  return { ...draft, ...besides(one, all) };
}

function suspicions(error: string): Diagnostic[] {
  const failed = {
    code: 'exit-2-from-last-command',
    message: 'Exit code 2 looks like that of a failed command, not like a decision.',
  };
  const broken = {
    code: 'probable-broken-script',
    message: 'The script seems to be broken: check reads it without running it.',
  };
  return [
    ...(accidentalExit2.test(error) ? [failed] : []),
    ...(brokenScript.test(error) ? [broken] : []),
  ];
}

/** In some dialects exit code 2 also ends the turn, and the reason becomes the stopReason. */
function turnEnd({ dialect }: Case, reason: string | undefined): Partial<Draft> {
  if (dialect.exit.halt !== blockExitCode) return {};
  return { continue: false, ...(reason === undefined ? {} : { stopReason: reason }) };
}

/** Diagnostics where upstream would not have taken this exit code for a veto. */
function stricterThan(
  { dialect, rules }: Case,
  run: RunResult,
  output: Output | undefined,
): Diagnostic[] {
  const isBlank =
    textOf(run.stderr) === '' && !(dialect.output.elseStderr && textOf(run.stdout) !== '');
  return [
    ...deviation(dialect, 'exit-2'),
    ...(isBlank && rules.blankReason === 'default-text' ? deviation(dialect, 'exit-2-blank') : []),
    ...(output !== undefined && !rejects(output) ? deviation(dialect, 'exit-2-overturned') : []),
  ];
}

/** The fields of an output beside its verdict, where the exit code is the verdict. */
function besides({ rules }: Case, said: Partial<Output>): Partial<Draft> {
  return {
    ...(said.additionalContext === undefined || rules.takesContext === false
      ? {}
      : { additionalContext: said.additionalContext }),
    ...(said.systemMessage === undefined ? {} : { systemMessage: said.systemMessage }),
    ...(said.continue === false ? { continue: false } : {}),
    ...(said.continue === false && said.stopReason !== undefined
      ? { stopReason: said.stopReason }
      : {}),
  };
}

function exitReason(
  { dialect, rules }: Case,
  run: RunResult,
  parsed: ParsedOutput,
): string | undefined {
  const output = parsed.kind === 'output' ? parsed.output : undefined;
  const sources: Record<ReasonSource, string | undefined> = {
    stderr:
      dialect.output.elseStderr && output !== undefined && textOf(run.stdout) === ''
        ? ''
        : textOf(run.stderr),
    stdout: parsed.kind === 'malformed' ? textOf(run.stdout) : undefined,
    output: output?.reason,
    rejection: output !== undefined && rejects(output) ? output.reason : undefined,
    context: output?.additionalContext,
  };
  const order = rules.blockReasonFrom ?? dialect.blockReasonFrom;
  return order.map((from) => sources[from]).find((text) => text !== undefined && text !== '');
}

/** Handles every code but 0 and 2, and 2 where the event treats it like any other code. */
export function otherExit(one: Case, run: RunResult, seen: readonly Diagnostic[]): Draft {
  const { dialect } = one;
  const { halt, json, textRejects } = dialect.exit;
  const error = textOf(run.stderr);
  if (halt !== undefined && run.exitCode === halt) {
    const cause: Cause = { kind: 'exit-code', exitCode: halt };
    return { ...reject(one, error === '' ? undefined : error, cause, seen), continue: false };
  }
  const said = json === 'exit-0' ? undefined : outputOnFailure(one, run, seen);
  if (said !== undefined) return said;
  const tail = textOf(run.stderr.subarray(-500));
  const message = `The script exited with code ${run.exitCode}.${tail && ` stderr: ${tail}`}`;
  const ignored: Diagnostic[] =
    run.stdout.length > 0
      ? [{ code: 'output-ignored', message: 'stdout only counts with exit code 0.' }]
      : [];
  const text = textRejects ? textOf(run.stdout) || error : '';
  if (text !== '' && run.exitCode !== 1) {
    return reject(one, text, { kind: 'fail-mode', code: 'HOOK_EXIT_CODE', message }, seen);
  }
  const failed = fail(one, 'HOOK_EXIT_CODE', message, [...seen, ...ignored]);
  return text === '' ? failed : { ...failed, systemMessage: `Warning: ${text}` };
}

/** The result of the output of a script that failed, where the dialect reads that output. */
function outputOnFailure(
  one: Case,
  run: RunResult,
  seen: readonly Diagnostic[],
): Draft | undefined {
  const parsed = readRun(one, run);
  if (parsed.kind === 'output') {
    const counts = one.dialect.exit.json === 'any' || rejects(parsed.output);
    return counts ? fromParsed(one, parsed, { kind: 'output' }, seen) : undefined;
  }
  const rejection = parsed.kind === 'malformed' ? rejectionIn(one, parsed) : undefined;
  if (parsed.kind !== 'malformed' || rejection === undefined) return undefined;
  return fromRejection(one, rejection, parsed.message, [...seen, parsed.diagnostic]);
}
