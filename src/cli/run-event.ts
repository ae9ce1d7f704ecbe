/** The event of `hookpool run`: its hooks are loaded and run, and the decision is printed. */

import { evaluate } from '../dispatch/dispatcher.ts';
import type { Runner } from '../dispatch/runner.ts';
import { plainJson } from '../plain-text.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import type { Isolation, ScriptRunner } from '../protocol/run.ts';
import { execute } from '../sandbox/execute.ts';
import type { Pool } from '../sandbox/pool.ts';
import { runScript as runIn } from '../sandbox/run-script.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import { type Arguments, exitCodes, type Io } from './command.ts';
import { openJudges, projectsOf } from './judges.ts';
import { dialectOf, loadHookFiles, readFileOptions } from './load-hooks.ts';
import { openHttpHooks } from './outbound.ts';
import { type Colour, endOf, milliseconds, oneLine, paint, table } from './table.ts';

/** What the command has read and opened, and closes. */
export interface EventParts {
  readonly files: readonly string[];
  readonly pool: Pool;
  readonly context: Buffer;
  readonly transcript: Buffer | undefined;
  readonly workspaces: Workspaces | undefined;
  readonly isolation: Isolation;
  /** From now on; undefined: the hooks' timeouts and 2 s. */
  readonly deadlineMs: number | undefined;
}

/** @returns the exit code. @throws InvalidHooksError when a file has a problem */
export async function decideEvent(
  args: Arguments,
  io: Io,
  { files, pool, workspaces, ...parts }: EventParts,
): Promise<number> {
  const options = { ...readFileOptions(args), workspaces };
  const [http, judges] = [await openHttpHooks(), await openJudges()];
  const runScript: ScriptRunner = (script, signal) => runIn(pool, script, signal);
  const judge = judges?.({ runScript, projectOf: projectsOf(workspaces) });
  const sets = await loadHookFiles(files, pool, options);
  const request = {
    ...parts,
    dialect: dialectOf(sets, options.dialect),
    hooks: sets.flatMap((set) => set.hooks.map((loaded) => loaded.hook)),
    cwd: process.cwd(),
    event: args.text('event'),
    tenant: args.text('tenant'),
    active: args.list('activate'),
  };
  const run: Runner = (job, signal) => execute(pool, job, signal, workspaces);
  const decision = await evaluate(request, run, { http, judge });
  io.out(args.flag('json') ? `${plainJson(JSON.stringify(decision))}\n` : describe(decision, io));
  if (decision.decision !== 'block') return exitCodes.ok;
  io.err(`${decision.reason ?? 'Blocked.'}\n`);
  return exitCodes.block;
}

/** Formats the table of hooks, then the decision with its details. */
function describe(decision: Decision, io: Io): string {
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

function colourOf(decision: string): Colour {
  if (decision === 'block') return 'red';
  return decision === 'ask' ? 'yellow' : 'green';
}
