/** Hooks at events at which no line of the bridge stands: they would silently never run. */
import { findDialect } from '../../agents/registry.ts';
import { HookpoolError, InvalidInputError } from '../../errors.ts';
import type { HookSet } from '../../files/hook-set.ts';
import { parseHooksFile } from '../../files/hooks-file.ts';
import { foldName } from '../../protocol/dialect-lookup.ts';
import { readHookFiles } from '../load-hooks.ts';
import { askServer } from './ask-server.ts';

/** The hooks that a line runs: those of files, else those of a hook set. */
export interface HookSource {
  readonly dialect: string;
  readonly local: readonly string[];
  readonly hookset: string | undefined;
  readonly server: string;
  readonly token: string | undefined;
}

/** The events of the hooks of a file. @throws InvalidInputError `INVALID_HOOKS` */
export async function localEvents(local: string, dialect: string): Promise<readonly string[]> {
  const { sets, problems } = await readHookFiles([local], { dialect });
  const [first] = problems;
  if (first === undefined) return eventsOfSets(sets);
  const text = `${local} cannot be run: hookpool check ${local} tells why (${first.message})`;
  throw new InvalidInputError('INVALID_HOOKS', text);
}

/**
 * What is to be told of hooks that never run.
 * @param wired the events at which the agent calls the bridge with these hooks.
 * @returns undefined where there are none, or where the hooks cannot be read: without a server, and
 * with a token that may not read them.
 */
export async function uncoveredHooks(
  about: string,
  source: HookSource,
  wired: readonly string[],
): Promise<string | undefined> {
  const missing = without(wired, await eventsOf(source), source.dialect);
  if (missing.length === 0) return undefined;
  const name = source.local[0] ?? `the hook set ${source.hookset}`;
  const options = [...wired, ...missing].map((event) => `--event ${event}`).join(' ');
  return `${name} has hooks at ${missing.join(', ')}, where ${about} does not call the bridge: they never run. Install the line with ${options}.`;
}

/** The events whose names, or other names, are none of the wired ones. */
function without(
  wired: readonly string[],
  events: readonly string[],
  dialect: string,
): readonly string[] {
  if (events.length === 0) return [];
  const { eventAliases = {} } = findDialect(dialect);
  const folded = (event: string) => foldName(eventAliases[event] ?? event);
  const there = new Set(wired.map(folded));
  return events.filter((event) => !there.has(folded(event)));
}

async function eventsOf(source: HookSource): Promise<readonly string[]> {
  const { dialect, local, hookset, server, token } = source;
  try {
    if (local.length > 0) {
      const events = await Promise.all(local.map((file) => localEvents(file, dialect)));
      return [...new Set(events.flat())];
    }
    if (hookset === undefined) return [];
    const path = `/v1/hooksets/${encodeURIComponent(hookset)}`;
    const { status, text } = await askServer(server, path, token);
    return status === 200 ? eventsOfSets([parseHooksFile(hookset, text, { dialect })]) : [];
  } catch (error) {
    if (error instanceof HookpoolError) return [];
    throw error;
  }
}

function eventsOfSets(sets: readonly HookSet[]): readonly string[] {
  return [...new Set(sets.flatMap(({ hooks }) => hooks.map(({ hook }) => hook.event)))];
}
