/** The event of `hookpool run`: its hooks are loaded and run, and the decision is made readable. */

import { evaluate } from '../dispatch/dispatcher.ts';
import type { EvaluateRequest } from '../dispatch/request.ts';
import type { Runner } from '../dispatch/runner.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import type { Dialect } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Isolation, ScriptRunner } from '../protocol/run.ts';
import { execute } from '../sandbox/execute.ts';
import type { Pool } from '../sandbox/pool.ts';
import { runInProject } from '../sandbox/run-in-project.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import { type Arguments, exitCodes, type Io } from './command.ts';
import { openJudges, projectsOf } from './judges.ts';
import { dialectOf, loadHookFiles, readFileOptions } from './load-hooks.ts';
import { openHttpHooks } from './outbound.ts';
import { colourOf, endOf, milliseconds, oneLine, paint, table } from './table.ts';

/** What the command has read and opened, and closes. */
export interface EventParts {
  readonly files: readonly string[];
  readonly pool: Pool;
  readonly context: Buffer;
  readonly transcript: Buffer | undefined;
  readonly workspaces: Workspaces | undefined;
  readonly isolation: Isolation;
  /** Told what happens. */
  readonly listeners: Partial<EvaluateRequest>;
  /** From now on; undefined: the hooks' timeouts and 2 s. */
  readonly deadlineMs: number | undefined;
}

/** What was decided, and by which hooks. */
export interface Decided {
  readonly decision: Decision;
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
}

/** @throws InvalidHooksError when a file has a problem */
export async function decideEvent(
  args: Arguments,
  { files, pool, workspaces, listeners, ...parts }: EventParts,
): Promise<Decided> {
  const options = { ...readFileOptions(args), workspaces };
  const [http, judges] = [await openHttpHooks(), await openJudges()];
  const runScript: ScriptRunner = (script, signal) =>
    runInProject(pool, script, signal, workspaces);
  const judge = judges?.({ runScript, projectOf: projectsOf(workspaces) });
  const sets = await loadHookFiles(files, pool, options);
  const dialect = dialectOf(sets, options.dialect);
  const hooks = sets.flatMap((set) => set.hooks.map((loaded) => loaded.hook));
  const request = {
    ...listeners,
    ...parts,
    ...{ dialect, hooks },
    cwd: process.cwd(),
    event: args.text('event'),
    tenant: args.text('tenant'),
    active: args.list('activate'),
  };
  const run: Runner = (job, signal) => execute(pool, job, signal, workspaces);
  const decision = await evaluate(request, run, { http, judge });
  return { decision, dialect, hooks };
}

/** The exit code of a decision; the reason of a block goes to stderr. */
export function endAs(decision: Decision, io: Io): number {
  if (decision.decision !== 'block') return exitCodes.ok;
  io.err(`${decision.reason ?? 'Blocked.'}\n`);
  return exitCodes.block;
}

/** Formats the table of hooks, then the decision with its details. */
export function describe(decision: Decision, io: Io): string {
  const rows = decision.results.map((result) => hookRow(result, io));
  const skipped = decision.skipped.map((name) => [
    oneLine(name),
    '',
    'skipped',
    '',
    '',
    '',
    'an earlier hook ended the chain',
  ]);
  const hooks = table(
    [['HOOK', 'TIER', 'DECISION', 'STATUS', 'WAIT', 'RUN', 'REASON'], ...rows, ...skipped],
    io.columns,
  );
  const lines = [
    `${decision.event}: ${paint(decision.decision, colourOf(decision.decision), io.terminal)} after ${milliseconds(decision.durationMs)}`,
    ...(decision.decidedBy === undefined ? [] : [`decided by: ${oneLine(decision.decidedBy)}`]),
    ...(decision.overridesPolicy === true ? ['overrides tool-access policies'] : []),
    ...(decision.additionalContext === undefined
      ? []
      : [`context: ${oneLine(decision.additionalContext)}`]),
    ...decision.diagnostics.map(({ code, message }) =>
      paint(`note (${code}): ${oneLine(message)}`, 'yellow', io.terminal),
    ),
  ];
  const body = rows.length + skipped.length === 0 ? 'No hook matches.\n' : hooks;
  return `${body}${lines.join('\n')}\n`;
}

function hookRow(result: HookResult, io: Io): string[] {
  const { facts, durations, cause } = result;
  const text = result.reason ?? (cause.kind === 'fail-mode' ? cause.message : '');
  return [
    oneLine(result.hook),
    result.tier,
    result.heard === false
      ? `(${result.decision})`
      : paint(result.decision, colourOf(result.decision), io.terminal),
    endOf(facts),
    milliseconds(durations.leaseMs),
    milliseconds(durations.runMs),
    oneLine(cause.kind === 'fail-mode' ? `[${cause.code}] ${text}` : text),
  ];
}
