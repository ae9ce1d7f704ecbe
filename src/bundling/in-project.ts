/**
 * Adds to a hook's script the project files that it needs, and the surroundings in which it starts.
 */
import { HookpoolError } from '../errors.ts';
import { type Bundle, type BundleFile, createBundle, projectPath } from '../protocol/bundle.ts';
import type { FailMode } from '../protocol/dialect.ts';
import { defaultContents, type ProfileContents } from '../protocol/profile.ts';
import type { Script } from '../protocol/script.ts';
import { type Along, filesAlong, nothingAlong } from './along.ts';
import { callableFiles } from './callable-files.ts';
import { type NamedFiles, nothingNamed } from './found-files.ts';
import { insideProject, type Place } from './inside.ts';
import { lacksIn } from './lacking.ts';
import { bashPrelude, nodeWithPrelude, pythonWithPrelude, type Surroundings } from './launcher.ts';
import { listedFiles } from './listed-files.ts';
import { filesReadBy } from './mentioned.ts';
import { namedFiles } from './named-files.ts';
import { builtInContents } from './needs/profiles.ts';
import { askOnce, type ProjectFiles } from './project-files.ts';
import { withProjectFolder } from './project-folder.ts';
import { startOf } from './start.ts';
import { environmentProblem, folderVariablesOf, mentionsAny, namesPlugin } from './variables.ts';

/** The settings of a hook that concern files. */
export interface HookSettings {
  readonly command?: string | undefined;
  /** Dotted path of the python function that a callable hook calls. */
  readonly import?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly workingDir?: string | undefined;
  readonly files?: readonly string[] | undefined;
  readonly state?: 'session' | undefined;
  /** Unless `allow`, a file that is missing is a problem even where the command would go on. */
  readonly failMode?: FailMode | undefined;
}

/** A problem and the key of the setting that causes it; undefined: the script. */
type SettingProblem = readonly [key: keyof HookSettings | undefined, message: string];

export interface InProject {
  readonly script: Script;
  /** Name of the profile in which least lacks. */
  readonly profile: string;
  readonly problems: readonly SettingProblem[];
  /** What the script probably needs and does not have; it can run all the same. */
  readonly warnings: readonly SettingProblem[];
  /** Files of the project that it probably reads and that do not go along, as sentences. */
  readonly ofProject: readonly string[];
}

/** The source of a hook's files: its dialect, and the project of its hooks file. */
export interface Beside {
  readonly dialect: string;
  readonly files: ProjectFiles | undefined;
  /** The profiles that the hook may run in. Default: the built-in ones. */
  readonly profiles?: readonly ProfileContents[] | undefined;
}

/** @param script the hook's own script; returned unchanged when there is nothing to add. */
export function inProject(script: Script, settings: HookSettings, beside: Beside): InProject {
  const { profiles = builtInContents } = beside;
  try {
    const isCommand = settings.command !== undefined;
    const own = isCommand ? { ...script, source: withProjectFolder(script.source) } : script;
    const wanted = wantedFiles(own.source, settings, beside);
    const { interpreters, runs } = wanted.named;
    const { env = {}, state } = settings;
    const keepsState = state === 'session';
    const place = { ...beside, profiles, environment: env, keepsState };
    const lacks = lacksIn(own, isCommand, { ...wanted, interpreters, runs }, place);
    const { profile } = lacks;
    const problems = [
      ...wanted.problems,
      ...lacks.problems.map((message) => ['command', message] as const),
      ...folderProblems(settings, wanted),
    ];
    if (problems.length > 0) return { script, profile, problems, warnings: [], ofProject: [] };
    const warnings = [...wanted.warnings, ...lacks.warnings];
    return {
      script: assembled(own, settings, beside, wanted),
      profile,
      problems,
      warnings: warnings.map((message) => [undefined, message] as const),
      ofProject: lacks.ofProject,
    };
  } catch (error) {
    if (!(error instanceof HookpoolError)) throw error;
    const { name: profile } = defaultContents;
    const problems = [[undefined, error.message]] as const;
    return { script, profile, problems, warnings: [], ofProject: [] };
  }
}

interface Wanted extends Along {
  /** The working folder, relative to the project's folder. */
  readonly folder: string;
  readonly named: NamedFiles;
  readonly problems: readonly SettingProblem[];
  readonly warnings: readonly string[];
}

function wantedFiles(source: string, settings: HookSettings, { dialect, files }: Beside): Wanted {
  const { command, env = {}, workingDir = '', files: patterns = [], failMode } = settings;
  const start = /^[~$]/.test(workingDir) ? undefined : insideProject(workingDir, '', files ?? {});
  const folder = start ?? '';
  const ofFunction =
    settings.import === undefined ? nothingNamed : callableFiles(settings.import, files);
  const named =
    command === undefined
      ? ofFunction
      : namedFiles(source, folder, {
          files,
          folders: folderVariablesOf(dialect),
          environment: env,
          needsAll: failMode !== undefined && failMode !== 'allow',
        });
  const body = command === undefined ? 'import' : 'command';
  const listed = listedFiles(patterns, files);
  const wrongEnvironment = environmentProblem(env);
  const outside =
    'The working folder must be inside the project: write it relative to the project.';
  const problems: SettingProblem[] = [
    ...(start === undefined ? [['workingDir', outside] as const] : []),
    ...(wrongEnvironment === undefined ? [] : [['env', wrongEnvironment] as const]),
    ...listed.problems.map((message) => ['files', message] as const),
    ...named.problems.map((message) => [body, message] as const),
  ];
  const isGood = files !== undefined && problems.length === 0;
  const read = isGood && command !== undefined ? filesReadBy(source, folder, files) : [];
  const entered = new Set([...(folder === '' ? [] : [folder]), ...named.entered]);
  const { along, warnings } = isGood
    ? filesAlong(files, [...named.paths, ...listed.paths], listed.isLeftOut, read, entered)
    : { along: nothingAlong, warnings: [] };
  const taken = withExecutables(along.taken, named.executables);
  return { folder, named, ...along, taken, problems, warnings: [...named.warnings, ...warnings] };
}

/** A sandbox's files cannot be changed: what `chmod +x` names is executable from the start. */
function withExecutables(
  taken: ReadonlyMap<string, BundleFile>,
  executables: ReadonlySet<string>,
): ReadonlyMap<string, BundleFile> {
  if (executables.size === 0) return taken;
  const changed = [...taken].map(([path, file]) =>
    executables.has(path)
      ? ([path, { ...file, executable: true }] as const)
      : ([path, file] as const),
  );
  return new Map(changed);
}

/** A working folder exists in a sandbox only if a file of it goes along. */
function folderProblems(
  { workingDir }: HookSettings,
  { folder, taken, problems }: Wanted,
): SettingProblem[] {
  const isThere = folder === '' || [...taken.keys()].some((path) => path.startsWith(`${folder}/`));
  if (isThere || problems.length > 0) return [];
  return [
    [
      'workingDir',
      `No file of ${workingDir} is taken along, so it would not be there: leave it out.`,
    ],
  ];
}

function assembled(
  script: Script,
  { command, env }: HookSettings,
  beside: Beside,
  wanted: Wanted,
): Script {
  const { dialect } = beside;
  const files: Place = beside.files ?? {};
  const { folder, named, taken } = wanted;
  const usesFolder =
    named.usesFolder || taken.size > 0 || mentionsAny(script.source, folderVariablesOf(dialect));
  // Scripts of a user's own settings refer to each other by the home folder.
  const home = files.home !== undefined && files.home === files.folder ? { HOME: projectPath } : {};
  const isOwn = (name: string) => Object.hasOwn(env ?? {}, name);
  const names = usesFolder ? folderVariablesOf(dialect).filter((name) => !isOwn(name)) : [];
  const ofPlugin = names.filter(namesPlugin).map((name) => [name, projectPath] as const);
  const surroundings: Surroundings = {
    folder: usesFolder ? folder : undefined,
    folders: names.filter((name) => !namesPlugin(name)),
    environment: { ...Object.fromEntries(ofPlugin), ...(usesFolder ? home : {}), ...env },
  };
  const started = {
    surroundings,
    folders: folderVariablesOf(dialect),
    place: files,
    taken,
    files: beside.files,
    runs: [...named.runs.keys()],
  };
  const runs = [...named.runs].map(([path, runtime]) => ({ path, runtime }));
  return {
    ...(command === undefined
      ? withSurroundings(script, surroundings)
      : startOf(script.source, started)),
    ...(taken.size === 0 ? {} : { bundle: bundleOf(taken, beside.files) }),
    ...(runs.length === 0 ? {} : { runs }),
  };
}

/** Creates the bundle, and so its hash, once for all hooks that take the same files. */
function bundleOf(taken: ReadonlyMap<string, BundleFile>, files: ProjectFiles | undefined): Bundle {
  const entries = [...taken].map(([path, { executable }]) => `${path} ${executable}`);
  const question = JSON.stringify(['bundle', ...entries.sort()]);
  return askOnce(files, question, () => createBundle(taken.values()));
}

function withSurroundings(
  { runtime, source }: Script,
  surroundings: Surroundings,
): Pick<Script, 'runtime' | 'source'> {
  if (surroundings.folder === undefined && Object.keys(surroundings.environment).length === 0)
    return { runtime, source };
  if (runtime === 'python3') return { runtime, source: pythonWithPrelude(surroundings, source) };
  if (runtime === 'node') return { runtime, source: nodeWithPrelude(surroundings, source) };
  return { runtime, source: `${bashPrelude(surroundings)}${source.replace(/^#![^\n]*/, '')}` };
}
