/** `hookpool check`: validates hook files and lists their hooks. */

import { findDialect } from '../agents/registry.ts';
import { InvalidInputError } from '../errors.ts';
import type { HookSet } from '../files/hook-set.ts';
import { formatProblems } from '../files/hooks-file.ts';
import { distinct, type Problem, told } from '../files/source-document.ts';
import { plainJson } from '../plain-text.ts';
import { scriptOf } from '../protocol/action.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { testFileName } from './hook-tests/discover.ts';
import { loadSuites } from './hook-tests/load-suites.ts';
import { readHookFiles } from './load-hooks.ts';
import { oneLine, paint, table } from './table.ts';

const usage = `hookpool check [--static] [--json] [--dialect NAME] [--agent NAME] [--project DIR] FILE...

Reads hook files and lists their hooks, or everything that is wrong with them. Scripts are parsed by
bash and python3 inside a sandbox. Of *.hooktest.yaml files it says whether hookpool test could run them.
A FILE may be a folder of scripts that have the names of their events, such as .clinerules/hooks.

  --static         leave out what needs a sandbox
  --json           {hooks, problems, warnings} on stdout
  --dialect NAME   whose file it is, where the file itself does not say it
  --agent NAME     whose hooks, where a file has those of several agents
  --project DIR    folder whose files the commands name; default: that of the hooks file, or the one above
                   the dot-folder that it lies in

Exit code: 0 all good; 64 problems; 75 no engine for the syntax checks.
`;

export const checkCommand: Command = {
  usage,
  options: {
    static: { type: 'boolean' },
    json: { type: 'boolean' },
    dialect: { type: 'string' },
    agent: { type: 'string' },
    project: { type: 'string' },
  },
  run: checkFiles,
};

async function checkFiles(args: Arguments, io: Io): Promise<number> {
  if (args.positionals.length === 0)
    throw new InvalidInputError('INVALID_USAGE', 'Name at least one FILE.');
  const dialect = args.text('dialect');
  if (dialect !== undefined) findDialect(dialect);
  const hookFiles = args.positionals.filter((file) => !testFileName.test(file));
  const { sets, problems } = await readHookFiles(hookFiles, {
    dialect,
    agent: args.text('agent'),
    project: args.text('project'),
  });
  const tests = await loadSuites(
    args.positionals.filter((file) => testFileName.test(file)),
    args.text('project'),
  );
  const all = distinct([
    ...problems,
    ...tests.problems,
    ...(args.flag('static') ? [] : await checkSyntax(sets, io)),
  ]);
  const warnings = told(
    distinct(sets.flatMap((set) => set.hooks.flatMap((loaded) => loaded.warnings))),
  );
  if (args.flag('json')) {
    io.out(
      `${plainJson(JSON.stringify({ hooks: sets.flatMap(summaries), problems: all.map(forJson), warnings: warnings.map(forJson) }))}\n`,
    );
  } else {
    if (sets.some((set) => set.hooks.length > 0)) io.out(hookTable(sets, io));
    const lines = [...warnings.map(asWarning), ...all];
    io.err(lines.map((line) => `${formatProblems([line])}\n`).join(''));
    const found = all.reduce((sum, { more = 1 }) => sum + more, 0);
    const count = found === 1 ? '1 problem' : `${found} problems`;
    io.out(
      all.length === 0
        ? `${paint('ok', 'green', io.terminal)}\n`
        : `${paint(count, 'red', io.terminal)}\n`,
    );
  }
  return all.length === 0 ? exitCodes.ok : exitCodes.usage;
}

/**
 * Loads the Docker client only where a sandbox is needed: it takes 0.3 s of CPU time, more than all
 * the rest.
 */
async function checkSyntax(sets: readonly HookSet[], io: Io): Promise<Problem[]> {
  if (sets.every((set) => set.hooks.every(({ hook }) => hook.action.kind !== 'command'))) return [];
  const { syntaxInSandbox } = await import('./syntax-in-sandbox.ts');
  return syntaxInSandbox(sets, io);
}

/**
 * Drops the path, which only the server needs, for its pointers; line and column give the place
 * here.
 */
function forJson({ path: _, ...problem }: Problem) {
  return problem;
}

function asWarning(problem: Problem): Problem {
  return { ...problem, message: `warning: ${problem.message}` };
}

function summaries(set: HookSet) {
  return set.hooks.map(({ hook }) => ({
    file: set.file,
    format: set.format,
    dialect: set.dialect.name,
    name: hook.name,
    event: hook.event,
    tier: hook.tier,
    runtime: scriptOf(hook)?.runtime ?? null,
    matcher: hook.matcher ?? null,
    timeoutMs: hook.timeoutMs,
    failMode: hook.failMode,
    activation: hook.activation,
    files: scriptOf(hook)?.bundle?.files.map(({ path }) => path) ?? [],
  }));
}

function hookTable(sets: readonly HookSet[], io: Io): string {
  const rows = sets
    .flatMap(summaries)
    .map((hook) => [
      hook.event,
      oneLine(hook.name),
      hook.tier,
      hook.runtime ?? 'prompt (not run: counts as failMode)',
      `${hook.timeoutMs / 1000} s`,
      hook.failMode,
      hook.activation,
      hook.matcher === ''
        ? `"" (matches ${findDialect(hook.dialect).matcher.emptyMatches})`
        : oneLine(hook.matcher ?? ''),
    ]);
  const hooks = table(
    [['EVENT', 'HOOK', 'TIER', 'RUNTIME', 'TIMEOUT', 'FAILMODE', 'ACTIVATION', 'MATCHER'], ...rows],
    io.columns,
  );
  return hooks + fileTable(sets, io);
}

/** The table of the files that each hook takes along. */
function fileTable(sets: readonly HookSet[], io: Io): string {
  const taken = sets
    .flatMap(summaries)
    .flatMap(({ event, name, files }) =>
      files.map((file) => [event, oneLine(name), oneLine(file)]),
    );
  return taken.length === 0
    ? ''
    : `\n${table([['EVENT', 'HOOK', 'TAKES ALONG'], ...taken], io.columns)}`;
}
