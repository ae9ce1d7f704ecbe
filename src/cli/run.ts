/** `hookpool run`: runs one event through the matching hooks, in this process. */

import { readConfig } from '../config.ts';
import { evaluate } from '../dispatch/dispatcher.ts';
import type { EvaluateRequest } from '../dispatch/request.ts';
import type { Runner } from '../dispatch/runner.ts';
import { plainJson } from '../plain-text.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import type { Dialect } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import { isolations, type ScriptRunner } from '../protocol/run.ts';
import { execute } from '../sandbox/execute.ts';
import { openPool } from '../sandbox/open-pool.ts';
import { runInProject } from '../sandbox/run-in-project.ts';
import { closePool } from './close-pool.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { openJudges, projectsOf } from './judges.ts';
import {
  dialectOf,
  fileOptionNames,
  hookFilesOf,
  loadHookFiles,
  readFileOptions,
} from './load-hooks.ts';
import { openHttpHooks } from './outbound.ts';
import { poolOptions } from './pool-options.ts';
import { readInput } from './read-input.ts';
import { colourOf, endOf, milliseconds, oneLine, paint, table } from './table.ts';
import { readWorkspaces, workspaceOption, workspaceUsage } from './workspace-option.ts';

const usage = `hookpool run --hooks FILE [--hooks FILE...] [--event NAME] [--context FILE|-]

Runs one event through the hooks that match it and prints the decision.

  --hooks FILE         hooks file of hookpool, of Azure or of another agent; may be repeated
  --event NAME         event name; default: hook_event_name of the context
  --context FILE|-     the agent's JSON for the hooks' stdin; default: -
  --transcript FILE    a text that the hooks may read; execution_summary will point to it,
                       and transcript_path where the context has it
  --dialect NAME       protocol of the agent; default: the one that the file says, else azure
  --project DIR        folder whose files the commands name; default: that of the hooks file
  --agent NAME         whose hooks, where a file has those of several agents
  --fail-mode MODE     allow, block or ask: the failMode of hooks that say none
  --tenant NAME        whose sandbox to use; default: default
  --isolation KIND     tenant (default) or job
  --activate HOOK      switch an on-demand hook on; may be repeated
  --deadline SECONDS   answer by then; default: the hooks' timeouts and 2 s
${workspaceUsage(23)}
  --json               one JSON Decision on stdout

Exit code: 0 allow, ask or none; 2 block, with the reason on stderr; 64 bad usage or a bad file;
70 a bug; 75 no engine.
`;

export const runCommand: Command = {
  usage,
  options: {
    hooks: { type: 'string', multiple: true },
    event: { type: 'string' },
    context: { type: 'string' },
    transcript: { type: 'string' },
    ...fileOptionNames,
    tenant: { type: 'string' },
    isolation: { type: 'string' },
    activate: { type: 'string', multiple: true },
    deadline: { type: 'string' },
    ...workspaceOption,
    json: { type: 'boolean' },
  },
  run: runEvent,
};

async function runEvent(args: Arguments, io: Io): Promise<number> {
  const { decision } = await decideEvent(args, io);
  io.out(args.flag('json') ? `${plainJson(JSON.stringify(decision))}\n` : describe(decision, io));
  return endAs(decision, io);
}

/** The exit code of a decision; the reason of a block goes to stderr. */
export function endAs(decision: Decision, io: Io): number {
  if (decision.decision !== 'block') return exitCodes.ok;
  io.err(`${decision.reason ?? 'Blocked.'}\n`);
  return exitCodes.block;
}

/** What was decided, and by which hooks. */
interface Decided {
  readonly decision: Decision;
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
  readonly context: Uint8Array;
}

/** Runs the event that the arguments describe. @param listeners told what happens */
export async function decideEvent(
  args: Arguments,
  io: Io,
  listeners: Partial<EvaluateRequest> = {},
): Promise<Decided> {
  const files = hookFilesOf(args);
  const config = readConfig();
  const isolation = args.oneOf('isolation', isolations) ?? config.isolation;
  const deadline = args.number('deadline', 0.001, 3600);
  const [context, transcript] = await Promise.all([
    readInput(args.text('context') ?? '-', io),
    args.text('transcript') === undefined ? undefined : readInput(args.required('transcript'), io),
  ]);
  const workspaces = readWorkspaces(args, io);
  const options = { ...readFileOptions(args), workspaces };
  const [http, judges] = [await openHttpHooks(), await openJudges()];
  // One event needs no spare sandbox, but where each hook has a new one.
  const warm = isolation === 'job' ? config.warm : 0;
  const pool = openPool({ ...poolOptions(config), workspaces, warm });
  const runScript: ScriptRunner = (script, signal) =>
    runInProject(pool, script, signal, workspaces);
  const judge = judges?.({ runScript, projectOf: projectsOf(workspaces) });
  try {
    const sets = await loadHookFiles(files, pool, options);
    const dialect = dialectOf(sets, options.dialect);
    const hooks = sets.flatMap((set) => set.hooks.map((loaded) => loaded.hook));
    const request = {
      ...listeners,
      ...{ dialect, hooks },
      context,
      transcript,
      cwd: process.cwd(),
      event: args.text('event'),
      tenant: args.text('tenant'),
      isolation,
      active: args.list('activate'),
      deadlineMs: deadline === undefined ? undefined : deadline * 1000,
    };
    const run: Runner = (job, signal) => execute(pool, job, signal, workspaces);
    const decision = await evaluate(request, run, { http, judge });
    return { decision, dialect, hooks, context };
  } finally {
    await closePool(pool, io);
  }
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
