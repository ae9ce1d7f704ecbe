/** `hookpool run`: runs one event through the matching hooks, in this process. */

import { readConfig } from '../config.ts';
import type { EvaluateRequest } from '../dispatch/request.ts';
import { plainJson } from '../plain-text.ts';
import { isolations } from '../protocol/run.ts';
import { openPool } from '../sandbox/open-pool.ts';
import { closePool } from './close-pool.ts';
import type { Arguments, Command, Io } from './command.ts';
import { fileOptionNames, hookFilesOf } from './file-options.ts';
import { poolOptions } from './pool-options.ts';
import { readInput } from './read-input.ts';
import type { Decided } from './run-event.ts';
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
  const { decision } = await decideHere(args, io);
  const { describe, endAs } = await import('./run-event.ts');
  io.out(args.flag('json') ? `${plainJson(JSON.stringify(decision))}\n` : describe(decision, io));
  return endAs(decision, io);
}

/**
 * Runs the event that the arguments describe in a pool of its own. The sandbox is created, which
 * takes 0.15 s, while the readers of hook files are loaded and read the files: every run needs one,
 * since an interpreter parses the scripts first.
 * @param listeners told what happens
 */
export async function decideHere(
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
  // One event needs no spare sandbox, but where each hook has a new one.
  const warm = isolation === 'job' ? config.warm : 0;
  const pool = openPool({ ...poolOptions(config), workspaces, warm, prepared: true });
  try {
    const { decideEvent } = await import('./run-event.ts');
    return await decideEvent(args, {
      ...{ files, pool, context, transcript, workspaces, isolation, listeners },
      deadlineMs: deadline === undefined ? undefined : deadline * 1000,
    });
  } finally {
    await closePool(pool, io);
  }
}
