/** `hookpool check`: validates hook files and lists their hooks. */

import { InvalidInputError, UnavailableError } from '../errors.ts';
import { type HookSet, warningsOf } from '../files/hook-set.ts';
import { outboundReason, withOutboundWarnings } from '../files/outbound-warnings.ts';
import { distinct, type Problem, told } from '../files/source-document.ts';
import { scriptOf } from '../protocol/action.ts';
import { defaultTenant } from '../protocol/limits.ts';
import { checkJson, checkText, type Findings, type Unparsed } from './check-report.ts';
import { checkSarif } from './check-sarif.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { fileOptionNames } from './file-options.ts';
import { testFileName } from './hook-tests/discover.ts';
import { knownOutbound, needsOutbound } from './known-outbound.ts';
import { type FileOptions, readFileOptions, readHookFiles } from './load-hooks.ts';
import { readWorkspaces, workspaceOption } from './workspace-option.ts';

const usage = `hookpool check [--static | --sandbox] [--strict] [--json | --sarif] FILE...

Reads hook files and lists their hooks, or everything that is wrong with them. Scripts are parsed by
bash and python3 inside a sandbox; where no engine can run one, they are not, and the last line says so. Of *.hooktest.yaml files it says whether hookpool test could run them.
A hook of another agent's file that cannot run in a sandbox is a warning; it counts as its failMode.
Where HOOKPOOL_JUDGES_FILE is set, a hook whose judge the tenant does not have there is a warning.
A FILE may be a folder of scripts that have the names of their events, such as .clinerules/hooks.

  --static          leave out what needs a sandbox: no script is parsed, and a syntax error in one, for which
                    run refuses the file, is not found
  --sandbox         the scripts must be parsed: without an engine the exit code is 75
  --strict          every warning is a problem
  --json            {hooks, problems, warnings, leftOut} on stdout
  --sarif           SARIF 2.1.0 on stdout, for code scanning
  --dialect NAME    whose file it is, where the file itself does not say it
  --agent NAME      whose hooks, where a file has those of several agents
  --fail-mode MODE  allow, block or ask: the failMode of hooks that say none
  --project DIR     folder whose files the commands name; default: that of the hooks file, or the one above
                    the dot-folder that it lies in
  --workspace DIR   a folder that hooks may read, as in hookpool run: what they read in it is no warning
  --tenant NAME     whose targets and secrets of HOOKPOOL_TARGETS_FILE http hooks need, and whose judges
                    of HOOKPOOL_JUDGES_FILE prompt and agent hooks; default: default

Exit code: 0 all good, also with warnings; 64 problems; 75 no engine for the syntax checks of --sandbox.
`;

export const checkCommand: Command = {
  usage,
  options: {
    static: { type: 'boolean' },
    sandbox: { type: 'boolean' },
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
  const tests = await testProblems(args.positionals.filter(isTest), options);
  const syntax = await checkSyntax(sets, args, io);
  const tenant = args.text('tenant') ?? defaultTenant;
  const warnings = distinct((await withKnown(sets, tenant)).flatMap(warningsOf));
  const { unparsed } = syntax;
  const all = [...problems, ...tests, ...syntax.problems];
  return args.flag('strict')
    ? { sets, problems: distinct([...all, ...warnings]), warnings: [], unparsed }
    : { sets, problems: distinct(all), warnings: told(warnings), unparsed };
}

/** What test files play, such as services and judges, is loaded only where there are some. */
async function testProblems(
  files: readonly string[],
  options: FileOptions,
): Promise<readonly Problem[]> {
  if (files.length === 0) return [];
  const { loadSuites } = await import('./hook-tests/load-suites.ts');
  return (await loadSuites(files, options)).problems;
}

const howToTell = {
  http: 'Name the targets file in HOOKPOOL_TARGETS_FILE, and check tells whether it lets the hook ask.',
  judge:
    'Name the judges file in HOOKPOOL_JUDGES_FILE, and check tells whether it has the judge of the hook.',
} as const;

/** The sets with what the operator's files tell of their hooks, or how check can be told. */
async function withKnown(sets: readonly HookSet[], tenant: string): Promise<readonly HookSet[]> {
  if (!needsOutbound(sets)) return sets;
  const known = await knownOutbound();
  return sets.map((set) =>
    withOutboundWarnings(set, (asked) => {
      const { action } = asked;
      const how = howToTell[action.kind === 'http' ? 'http' : 'judge'];
      return known(asked, tenant) ?? { why: `${outboundReason(action)} ${how}` };
    }),
  );
}

interface Syntax {
  readonly problems: readonly Problem[];
  readonly unparsed?: Unparsed;
}

/**
 * Loads the pool only where a sandbox is needed.
 * @throws UnavailableError with --sandbox, when none can be had
 */
async function checkSyntax(sets: readonly HookSet[], args: Arguments, io: Io): Promise<Syntax> {
  const isWanted = args.flag('sandbox');
  const isStatic = args.flag('static');
  if (isStatic && isWanted)
    throw new InvalidInputError('INVALID_USAGE', '--static and --sandbox exclude each other.');
  if (sets.every((set) => set.hooks.every(({ hook }) => scriptOf(hook) === undefined)))
    return { problems: [] };
  if (isStatic) return { problems: [], unparsed: { code: '--static' } };
  const { syntaxInSandbox } = await import('./syntax-in-sandbox.ts');
  try {
    return { problems: await syntaxInSandbox(sets, io) };
  } catch (error) {
    if (isWanted || !(error instanceof UnavailableError)) throw error;
    return { problems: [], unparsed: { code: error.code, message: error.message } };
  }
}
