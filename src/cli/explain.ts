/** `hookpool explain`: which hooks of an event run, which do not, and why. */
import { type Explanation, explain, explainEvent, SelectionTrace } from '../dispatch/explain.ts';
import { InvalidHooksError } from '../files/hooks-file.ts';
import { plainJson } from '../plain-text.ts';
import { parseContext } from '../protocol/context.ts';
import { EvaluationTrace } from '../server/evaluation-trace.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { story } from './explain-story.ts';
import { fileOptionNames, hookFilesOf } from './file-options.ts';
import { dialectOf, readFileOptions, readHookFiles } from './load-hooks.ts';
import { readInput } from './read-input.ts';
import { workspaceOption, workspaceUsage } from './workspace-option.ts';

const usage = `hookpool explain --hooks FILE [--hooks FILE...] [--event NAME] [--context FILE|-] [--run]

Tells of every hook whether it is for the event, and if not, why. Runs nothing, and needs no engine,
unless --run says so.

  --hooks FILE         hooks file of hookpool, of Azure or of another agent; may be repeated
  --event NAME         event name; default: hook_event_name of the context
  --context FILE|-     the agent's JSON for the hooks' stdin; default: -
  --transcript FILE    a text that the hooks may read
  --dialect NAME       protocol of the agent; default: the one that the file says, else azure
  --project DIR        folder whose files the commands name; default: that of the hooks file
  --agent NAME         whose hooks, where a file has those of several agents
  --fail-mode MODE     allow, block or ask: the failMode of hooks that say none
  --activate HOOK      switch an on-demand hook on; may be repeated
  --json               one JSON object on stdout, as POST /v1/explain answers

  --run                run the hooks as hookpool run does, and tell what became of each; then also:
  --tenant NAME        whose sandbox to use; default: default
  --isolation KIND     tenant (default) or job
  --deadline SECONDS   answer by then; default: the hooks' timeouts and 2 s
${workspaceUsage(23)}

Exit code: 0; with --run 2 for a block, with the reason on stderr; 64 bad usage or a bad file;
70 a bug; 75 no engine.
`;

export const explainCommand: Command = {
  usage,
  options: {
    hooks: { type: 'string', multiple: true },
    event: { type: 'string' },
    context: { type: 'string' },
    transcript: { type: 'string' },
    ...fileOptionNames,
    activate: { type: 'string', multiple: true },
    run: { type: 'boolean' },
    tenant: { type: 'string' },
    isolation: { type: 'string' },
    deadline: { type: 'string' },
    ...workspaceOption,
    json: { type: 'boolean' },
  },
  run: (args, io) => (args.flag('run') ? explainRun(args, io) : explainOnly(args, io)),
};

async function explainOnly(args: Arguments, io: Io): Promise<number> {
  const files = hookFilesOf(args);
  const options = readFileOptions(args);
  const bytes = await readInput(args.text('context') ?? '-', io);
  const transcript =
    args.text('transcript') === undefined
      ? undefined
      : await readInput(args.required('transcript'), io);
  const { sets, problems } = await readHookFiles(files, options);
  if (problems.length > 0) throw new InvalidHooksError(problems);
  const dialect = dialectOf(sets, options.dialect);
  const hooks = sets.flatMap((set) => set.hooks.map((loaded) => loaded.hook));
  const context = parseContext(dialect, { bytes, event: args.text('event'), transcript });
  const active = new Set(args.list('activate'));
  print(explainEvent({ dialect, hooks, context, active }), args, io);
  return exitCodes.ok;
}

/** Loads what opens sandboxes only here. */
async function explainRun(args: Arguments, io: Io): Promise<number> {
  const { decideHere } = await import('./run.ts');
  const trace = new EvaluationTrace(new SelectionTrace());
  const { onContext, onStart, onDecided, selection } = trace;
  const listeners = { onContext, onStart, onDecided, selection };
  const { decision, dialect, hooks } = await decideHere(args, io, listeners);
  const explained = trace.explained({ dialect, hooks });
  if (explained === undefined) throw new Error('an evaluation without a context');
  print(explain(explained, trace.outcomesOf(decision)), args, io);
  return (await import('./run-event.ts')).endAs(decision, io);
}

function print(explanation: Explanation, args: Arguments, io: Io): void {
  io.out(
    args.flag('json') ? `${plainJson(JSON.stringify(explanation))}\n` : story(explanation, io),
  );
}
