/** What a file holds once it was accepted, and the part that all formats share: hooks by event. */
import type { Dialect, Tier } from '../dialect.ts';
import { isJsonObject } from '../json.ts';
import type { Path, Problem, SourceDocument } from './document.ts';
import { type LoadedHook, readEventName, readHookEntry } from './hook-entry.ts';
import type { ProjectFiles } from './project/project-files.ts';

export type HookFileFormat =
  | 'hookpool'
  | 'azure-extended-agent'
  | 'azure-global-hook'
  | 'claude-code-settings'
  | 'gemini-cli-settings'
  | 'codex-hooks'
  | 'openhands-hooks'
  | 'docker-agent'
  | 'agentpool'
  | 'copilot-hooks'
  | 'crush-config';

export interface HookSet {
  readonly file: string;
  readonly format: HookFileFormat;
  readonly dialect: Dialect;
  /** The agent that the file is for, where it names one. */
  readonly agent?: string | undefined;
  readonly hooks: readonly LoadedHook[];
}

/** One document: its hooks, or every problem. */
export interface DocumentResult {
  readonly set?: HookSet;
  readonly problems: Problem[];
}

/** A document of a file, and what lies beside the file. */
export interface DocumentPlace {
  readonly file: string;
  readonly source: SourceDocument;
  readonly project: ProjectFiles | undefined;
}

interface MapPlace {
  readonly source: SourceDocument;
  readonly dialect: Dialect;
  readonly path: Path;
  readonly tier: Tier;
  readonly project: ProjectFiles | undefined;
}

/** `{EventName: [hook, ...]}` */
export function readEventMap(place: MapPlace, value: unknown): { hooks: LoadedHook[]; problems: Problem[] } {
  const { source, dialect, path, tier, project } = place;
  const hooks: LoadedHook[] = [];
  const problems: Problem[] = [];
  if (!isJsonObject(value)) problems.push(source.problem(path, '"hooks" must map event names to lists of hooks.'));
  for (const [key, list] of Object.entries(isJsonObject(value) ? value : {})) {
    const { event, problems: eventProblems } = readEventName(source, [...path, key], dialect, key);
    problems.push(...eventProblems);
    if (!Array.isArray(list)) problems.push(source.problem([...path, key], `The hooks of ${key} must be a list.`));
    if (event === undefined || !Array.isArray(list)) continue;
    for (const [index, item] of list.entries()) {
      const defaultName = `${event}[${index}]`;
      const read = readHookEntry({ source, dialect, event, path: [...path, key, index], defaultName, tier, project }, item);
      problems.push(...read.problems);
      if (read.loaded !== undefined) hooks.push(read.loaded);
    }
  }
  return { hooks, problems };
}

/** All or nothing. */
export function withHooks(set: Omit<HookSet, 'hooks'>, read: { hooks: LoadedHook[]; problems: Problem[] }): DocumentResult {
  return read.problems.length > 0 ? { problems: read.problems } : { set: { ...set, hooks: read.hooks }, problems: [] };
}

export function refuse(source: SourceDocument, path: Path, message: string): DocumentResult {
  return { problems: [source.problem(path, message)] };
}
