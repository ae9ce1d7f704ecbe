/** `hookpool check`: validates hook files and lists their hooks. */

import { InvalidInputError } from '../errors.ts';
import { type HookSet, warningsOf } from '../files/hook-set.ts';
import { distinct, type Problem, told } from '../files/source-document.ts';
import { defaultTenant } from '../protocol/limits.ts';
import { withJudges } from './check-judges.ts';
import { checkJson, checkText, type Findings } from './check-report.ts';
import { checkSarif } from './check-sarif.ts';
import { withTargets } from './check-targets.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { testFileName } from './hook-tests/discover.ts';
import { loadSuites } from './hook-tests/load-suites.ts';
import { namedJudges } from './judges.ts';
import { fileOptionNames, readFileOptions, readHookFiles } from './load-hooks.ts';
import { readWorkspaces, workspaceOption } from './workspace-option.ts';

const usage = `hookpool check [--static] [--strict] [--json | --sarif] FILE...

Reads hook files and lists their hooks, or everything that is wrong with them. Scripts are parsed by
bash and python3 inside a sandbox. Of *.hooktest.yaml files it says whether hookpool test could run them.
A hook of another agent's file that cannot run in a sandbox is a warning; it counts as its failMode.
Where HOOKPOOL_JUDGES_FILE is set, a hook whose judge the tenant does not have there is a warning.
A FILE may be a folder of scripts that have the names of their events, such as .clinerules/hooks.

  --static          leave out what needs a sandbox: no script is parsed, and a syntax error in one, for which
                    run refuses the file, is not found
  --strict          every warning is a problem
  --json            {hooks, problems, warnings} on stdout
  --sarif           SARIF 2.1.0 on stdout, for code scanning
  --dialect NAME    whose file it is, where the file itself does not say it
  --agent NAME      whose hooks, where a file has those of several agents
  --fail-mode MODE  allow, block or ask: the failMode of hooks that say none
  --project DIR     folder whose files the commands name; default: that of the hooks file, or the one above
                    the dot-folder that it lies in
  --workspace DIR   a folder that hooks may read, as in hookpool run: what they read in it is no warning
  --tenant NAME     whose targets and secrets of HOOKPOOL_TARGETS_FILE http hooks need, and whose judges
                    of HOOKPOOL_JUDGES_FILE prompt and agent hooks; default: default

Exit code: 0 all good, also with warnings; 64 problems; 75 no engine for the syntax checks.
`;

export const checkCommand: Command = {
  usage,
  options: {
    static: { type: 'boolean' },
    strict: { type: 'boolean' },
    json: { type: 'boolean' },
    sarif: { type: 'boolean' },
    tenant: { type: 'string' },
    ...fileOptionNames,
    ...workspaceOption,
  },
  run: checkFiles,
};

async function checkFiles(args: Arguments, io: Io): Promise<number> {
  if (args.positionals.length === 0)
    throw new InvalidInputError('INVALID_USAGE', 'Name at least one FILE.');
  const found = await findingsOf(args, io);
  if (args.flag('sarif')) io.out(checkSarif(found));
  else if (args.flag('json')) io.out(checkJson(found));
  else checkText(found, io);
  return found.problems.length === 0 ? exitCodes.ok : exitCodes.usage;
}

async function findingsOf(args: Arguments, io: Io): Promise<Findings> {
  const options = { ...readFileOptions(args), workspaces: readWorkspaces(args, io) };
  const isTest = (file: string) => testFileName.test(file);
  const hookFiles = args.positionals.filter((file) => !isTest(file));
  const { sets, problems } = await readHookFiles(hookFiles, options);
  const tests = await loadSuites(args.positionals.filter(isTest), options);
  const isStatic = args.flag('static');
  const syntax = isStatic ? [] : await checkSyntax(sets, io);
  const tenant = args.text('tenant') ?? defaultTenant;
  const asked = withJudges(await withTargets(sets, tenant), await namedJudges(), tenant);
  const warnings = distinct(asked.flatMap(warningsOf));
  const all = [...problems, ...tests.problems, ...syntax];
  return args.flag('strict')
    ? { sets, problems: distinct([...all, ...warnings]), warnings: [], isStatic }
    : { sets, problems: distinct(all), warnings: told(warnings), isStatic };
}

/** Loads the pool only where a sandbox is needed. */
async function checkSyntax(sets: readonly HookSet[], io: Io): Promise<Problem[]> {
  if (sets.every((set) => set.hooks.every(({ hook }) => hook.action.kind !== 'command'))) return [];
  const { syntaxInSandbox } = await import('./syntax-in-sandbox.ts');
  return syntaxInSandbox(sets, io);
}
