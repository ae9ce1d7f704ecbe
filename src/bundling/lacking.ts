/** What a hook's own text and the script files that it comes to run need and a sandbox lacks. */
import { variablePrefixes } from '../agents/registry.ts';
import type { BundleFile } from '../protocol/bundle.ts';
import { lineNumbers } from '../protocol/lines.ts';
import type { ProfileContents } from '../protocol/profile.ts';
import type { Script } from '../protocol/script.ts';
import type { Along } from './along.ts';
import { filesBelow } from './computed-names.ts';
import type { NamedFiles } from './found-files.ts';
import { folderOf } from './inside.ts';
import { languageOf, textOf } from './language.ts';
import { Facts, type NeedsPlace } from './needs/facts.ts';
import { imagePrograms } from './needs/image.ts';
import {
  certainLacks,
  isCertain,
  isOfProject,
  type Lacking,
  type Looked,
  lackingFacts,
  lacksOf,
} from './needs/lacks.ts';
import { nodeFacts } from './needs/node-needs.ts';
import { passedPrograms, runsArguments } from './needs/passed-programs.ts';
import { chooseProfile, contentsOf } from './needs/profiles.ts';
import { pythonFacts } from './needs/python-needs.ts';
import { programText } from './needs/sentences.ts';
import { shellFacts } from './needs/shell-needs.ts';
import { askOnce, type ProjectFiles } from './project-files.ts';
import { folderVariablesOf } from './variables.ts';

export interface LackingPlace {
  readonly dialect: string;
  readonly files: ProjectFiles | undefined;
  /** The profiles that the hook may run in; at least one. */
  readonly profiles: readonly ProfileContents[];
  /** Variables that the hook sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it leaves in /tmp is there in its next run. */
  readonly keepsState: boolean;
}

const stateVariable = 'HOOKPOOL_STATE';
/** The most characters of one text that are looked at. */
const maxLength = 1 << 17;

export interface Lacks {
  /** Name of the profile in which least lacks. */
  readonly profile: string;
  /** Why the hook cannot run, as sentences. */
  readonly problems: readonly string[];
  /** What lacks beside that, as sentences. */
  readonly warnings: readonly string[];
  /** Files of the project, which a sandbox with a workspace has, as sentences. */
  readonly ofProject: readonly string[];
}

/** @param isCommand the text is a command, whose program the hook cannot do without. */
export function lacksIn(
  { runtime, source }: Script,
  isCommand: boolean,
  {
    taken,
    reached,
    interpreters,
    runs: runtimes,
  }: Along & Pick<NamedFiles, 'interpreters' | 'runs'>,
  place: LackingPlace,
): Lacks {
  const known = needsPlace(place);
  const own = factsOf(source, runtime, known(undefined));
  const texts: Looked[] = [{ name: '', facts: own }];
  for (const [path, file] of reached) {
    const ofFile = () => fileFacts(file, known(folderOf(path)));
    const names = Object.keys(place.environment);
    const question = JSON.stringify(['facts', place.dialect, path, ...names]);
    texts.push({ name: path, facts: askOnce(place.files, question, ofFile) });
  }
  const wrappers = [...reached].filter(([, file]) => isWrapper(file, place.files));
  const scripts = wrappers.map(([path]) => path);
  const passed = isCommand && scripts.length > 0 ? passedPrograms(source, scripts) : [];
  for (const name of passed) own.add('program', name, 1);
  const { files } = place;
  const isTaken = (folder: string) =>
    files !== undefined && filesBelow(files, folder).some((path) => taken.has(path));
  const lacking = lackingFacts(texts, taken.keys(), isTaken).filter(
    ({ fact }) => !place.keepsState || !['state', 'log'].includes(fact.kind),
  );
  const isProblem = ({ text, fact }: Lacking) =>
    isCommand && text.facts === own && isCertain(fact) && !own.functions.has(fact.name);
  const all = lacking.map((one) => ({ ...one, isCertain: isProblem(one) }));
  const runs = [runtime, ...runtimes.values()].filter((name) => !imagePrograms.includes(name));
  const programs = [...new Set([...runs, ...interpreters.keys()])];
  const started = programs.map((name) => ({ fact: { kind: 'program', name }, isCertain: true }));
  const profile = chooseProfile(place.profiles, [...started, ...all]);
  const has = contentsOf(profile);
  const missing = all.filter(({ fact }) => !has(fact));
  const probable = missing.filter((one) => !one.isCertain);
  const stopped = programs.filter((name) => !has({ kind: 'program', name }));
  return {
    profile: profile.name,
    problems: [
      ...stopped.map((name) => interpreters.get(name) ?? programText([name])),
      ...certainLacks(missing.filter((one) => one.isCertain).map(({ fact }) => fact)),
    ],
    warnings: lacksOf(probable.filter(({ fact }) => !isOfProject(fact))),
    ofProject: lacksOf(probable.filter(({ fact }) => isOfProject(fact))),
  };
}

function needsPlace({ dialect, files, environment }: LackingPlace) {
  const prefixes = variablePrefixes.join('|');
  const agentVariables = new RegExp(`\\b(?:${prefixes})_[A-Z][A-Z_]{0,100}\\b`, 'g');
  const set = Object.keys(environment);
  const hasHome = files?.home !== undefined && files.home === files.folder;
  return (folder: string | undefined): NeedsPlace => ({
    folder,
    folders: [...folderVariablesOf(dialect), ...(hasHome ? ['HOME'] : [])],
    set,
    agentVariables,
  });
}

function isWrapper(file: BundleFile, files: ProjectFiles | undefined): boolean {
  if (languageOf(file) !== 'bash') return false;
  const text = () => textOf(file.content)?.slice(0, maxLength) ?? '';
  return askOnce(files, `wrapper ${file.path}`, () => runsArguments(text()));
}

function fileFacts(file: BundleFile, place: NeedsPlace): Facts {
  const language = languageOf(file);
  if (language === undefined) return new Facts();
  const text = textOf(file.content);
  return text === undefined ? new Facts() : factsOf(text, language, place);
}

const readers = { bash: shellFacts, python3: pythonFacts, node: nodeFacts } as const;

function factsOf(text: string, runtime: Script['runtime'], place: NeedsPlace): Facts {
  const some = text.slice(0, maxLength);
  const facts = readers[runtime](some, place);
  const kept = some.indexOf(stateVariable);
  if (kept >= 0) facts.add('state', `$${stateVariable}`, lineNumbers(some)(kept));
  if (text.length > maxLength) facts.add('rest', String(maxLength), 1);
  return facts;
}
