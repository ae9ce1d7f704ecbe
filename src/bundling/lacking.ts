/** What a hook's own text and the script files that it comes to run need and a sandbox lacks. */
import { variablePrefixes } from '../agents/registry.ts';
import type { BundleFile } from '../protocol/bundle.ts';
import { lineNumbers } from '../protocol/lines.ts';
import type { Script } from '../protocol/script.ts';
import type { Along } from './along.ts';
import { filesBelow } from './computed-names.ts';
import { folderOf } from './inside.ts';
import { languageOf, textOf } from './language.ts';
import { type Fact, Facts, type NeedsPlace } from './needs/facts.ts';
import { certainLacks, isCertain, type Looked, lacksOf } from './needs/lacks.ts';
import { pythonFacts } from './needs/python-needs.ts';
import { shellFacts } from './needs/shell-needs.ts';
import { askOnce, type ProjectFiles } from './project-files.ts';
import { folderVariablesOf } from './variables.ts';

export interface LackingPlace {
  readonly dialect: string;
  readonly files: ProjectFiles | undefined;
  /** Variables that the hook sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it leaves in /tmp is there in its next run. */
  readonly keepsState: boolean;
}

const stateVariable = 'HOOKPOOL_STATE';
/** The most characters of one text that are looked at. */
const maxLength = 1 << 17;

/**
 * @param isCommand the text is a command, whose program the hook cannot do without.
 * @returns sentences.
 */
export function lacksIn(
  { runtime, source }: Script,
  isCommand: boolean,
  { taken, reached }: Along,
  place: LackingPlace,
): { readonly problems: readonly string[]; readonly warnings: readonly string[] } {
  const known = needsPlace(place);
  const facts = factsOf(source, runtime, known(undefined));
  const problems = isCommand ? certainLacks(facts) : [];
  const own = isCommand ? withoutCertain(facts) : facts;
  const texts: Looked[] = [{ name: '', facts: own }];
  for (const [path, file] of reached) {
    const ofFile = () => fileFacts(file, known(folderOf(path)));
    const names = Object.keys(place.environment);
    const question = JSON.stringify(['facts', place.dialect, path, ...names]);
    texts.push({ name: path, facts: askOnce(place.files, question, ofFile) });
  }
  const { files } = place;
  const isTaken = (folder: string) =>
    files !== undefined && filesBelow(files, folder).some((path) => taken.has(path));
  const lacking = place.keepsState ? texts.map(withoutState) : texts;
  return { problems, warnings: lacksOf(lacking, taken.keys(), isTaken) };
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

function fileFacts(file: BundleFile, place: NeedsPlace): Facts {
  const language = languageOf(file);
  if (language === undefined) return new Facts();
  const text = textOf(file.content);
  return text === undefined ? new Facts() : factsOf(text, language, place);
}

function factsOf(text: string, runtime: Script['runtime'], place: NeedsPlace): Facts {
  const some = text.slice(0, maxLength);
  const facts = runtime === 'bash' ? shellFacts(some, place) : pythonFacts(some, place);
  const kept = some.indexOf(stateVariable);
  if (kept >= 0) facts.add('state', `$${stateVariable}`, lineNumbers(some)(kept));
  if (text.length > maxLength) facts.add('rest', String(maxLength), 1);
  return facts;
}

/** Without what is a problem already. */
function withoutCertain(facts: Facts): Facts {
  return only(facts, (fact) => !isCertain(fact));
}

function withoutState({ name, facts }: Looked): Looked {
  return { name, facts: only(facts, ({ kind }) => kind !== 'state') };
}

function only(facts: Facts, isKept: (fact: Fact) => boolean): Facts {
  const rest = new Facts();
  for (const name of facts.functions) rest.functions.add(name);
  for (const fact of facts.all) {
    if (isKept(fact)) rest.add(fact.kind, fact.name, fact.line, fact);
  }
  return rest;
}
