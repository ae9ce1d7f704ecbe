/** What a hook's own text and the script files that it comes to run need and a sandbox lacks. */
import { variablePrefixes } from '../agents/registry.ts';
import type { BundleFile } from '../protocol/bundle.ts';
import type { Script } from '../protocol/script.ts';
import type { Along } from './along.ts';
import { filesBelow } from './computed-names.ts';
import { folderOf } from './inside.ts';
import { languageOf, textOf } from './language.ts';
import { Facts, type NeedsPlace } from './needs/facts.ts';
import { certainLacks, isCertain, type Looked, lacksOf } from './needs/lacks.ts';
import { nodeFacts } from './needs/node-needs.ts';
import { pythonFacts } from './needs/python-needs.ts';
import { shellFacts } from './needs/shell-needs.ts';
import { askOnce, type ProjectFiles } from './project-files.ts';
import { folderVariablesOf } from './variables.ts';

export interface LackingPlace {
  readonly dialect: string;
  readonly files: ProjectFiles | undefined;
  /** Variables that the hook sets. */
  readonly environment: Readonly<Record<string, string>>;
}

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
  return { problems, warnings: lacksOf(texts, taken.keys(), isTaken) };
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

const readers = { bash: shellFacts, python3: pythonFacts, node: nodeFacts } as const;

function factsOf(text: string, runtime: Script['runtime'], place: NeedsPlace): Facts {
  const some = text.slice(0, maxLength);
  const facts = readers[runtime](some, place);
  if (text.length > maxLength) facts.add('rest', String(maxLength), 1);
  return facts;
}

/** Without what is a problem already. */
function withoutCertain(facts: Facts): Facts {
  const rest = new Facts();
  for (const name of facts.functions) rest.functions.add(name);
  for (const fact of facts.all) {
    if (!isCertain(fact)) rest.add(fact.kind, fact.name, fact.line, fact);
  }
  return rest;
}
