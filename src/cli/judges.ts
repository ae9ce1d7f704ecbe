/** The prompt and agent hooks of a process, where the operator has configured judges. */
import { readTargetsConfig } from '../config.ts';
import type { JudgeHooksOptions } from '../outbound/judges/judge-hook.ts';
import type { Judges } from '../outbound/judges/judges.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import type { JudgesOpener } from './judges-file.ts';

/**
 * Reads the judges file with its keys and authorities. What asks judges is loaded only where there is
 * one: these are 20 modules, and every call of `run` and `hook --local` comes here.
 * @returns undefined where none is configured: prompt and agent hooks count as their failMode.
 * @throws InvalidInputError `INVALID_CONFIG` with every problem of the file.
 */
export async function openJudges(): Promise<JudgesOpener | undefined> {
  if (readTargetsConfig().judgesFile === undefined) return undefined;
  const { openConfigured } = await import('./judges-file.ts');
  return openConfigured();
}

/** The judges without their keys: to tell which names are known. */
export async function namedJudges(): Promise<Judges | undefined> {
  if (readTargetsConfig().judgesFile === undefined) return undefined;
  const { readNamed } = await import('./judges-file.ts');
  return readNamed();
}

/** Tells whether an event has a project for the judges' tools. @param workspaces undefined: none has. */
export function projectsOf(
  workspaces: Pick<Workspaces, 'find'> | undefined,
): JudgeHooksOptions['projectOf'] {
  return async (cwd) => {
    const found = await workspaces?.find(cwd);
    if (found === undefined) return undefined;
    if ('missing' in found) return { missing: found.missing, isNamed: (cwd ?? '') !== '' };
    return { cwd: found.place.cwd };
  };
}
