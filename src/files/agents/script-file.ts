/** Reads a file that is a hook itself: a script that has the name of its event. */
import { type AgentFile, findDialect } from '../../agents/registry.ts';
import type { ProjectFiles } from '../../bundling/project-files.ts';
import { shellQuoted } from '../../protocol/shell-quote.ts';
import { compileEntry } from '../compile-entry.ts';
import { type DocumentResult, withHooks } from '../hook-set.ts';
import { SourceDocument } from '../source-document.ts';
import type { FileHint } from './agent-file.ts';
import { isNamed, scriptFormats } from './whose-file.ts';

interface ScriptPlace {
  readonly file: string;
  readonly hint: FileHint;
  readonly project: ProjectFiles | undefined;
}

/** Names of the scripts that are hooks. */
export const scriptNames: readonly string[] = scriptFormats.flatMap(eventsOf);

/** @returns undefined when the text is no script, or has not the name of an event. */
export function readScriptFile(place: ScriptPlace, text: string): DocumentResult | undefined {
  const { file, hint, project } = place;
  const path = hint.path ?? file;
  const event = path.slice(path.lastIndexOf('/') + 1);
  const format = scriptFormats.find(
    (one) =>
      eventsOf(one).includes(event) && (hint.dialect === undefined || isNamed(one, hint.dialect)),
  );
  if (format === undefined || !text.startsWith('#!')) return undefined;
  const source = SourceDocument.ofText(file, text);
  const dialect = findDialect(format.dialects[0]);
  const { loaded, problems } = compileEntry(
    {
      source,
      path: [],
      dialect,
      event,
      defaultName: `${event}[0]`,
      tier: 'agent',
      project,
      failMode: hint.failMode,
      profiles: hint.profiles,
      isAgentFile: true,
    },
    { entry: entryOf(path, project, text), where: () => [], problems: [] },
  );
  const set = { file, format: format.format, dialect };
  return withHooks(set, { hooks: loaded === undefined ? [] : [loaded], problems });
}

/** A script in the project starts there, beside its files; any other one runs by itself. */
function entryOf(path: string, project: ProjectFiles | undefined, text: string) {
  const name = insideOf(project?.folder, path);
  const isThere = name !== undefined && project?.read(name) !== undefined;
  return isThere ? { command: shellQuoted(`./${name}`) } : { script: text };
}

function insideOf(folder: string | undefined, path: string): string | undefined {
  if (folder === undefined) return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

function eventsOf({ dialects: [dialect] }: AgentFile): readonly string[] {
  return Object.keys(findDialect(dialect).events);
}
