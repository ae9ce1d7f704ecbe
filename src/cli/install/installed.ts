/** Finds the files of all agents that have the line of the bridge. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { KeyRules } from '../../agents/file-format.ts';
import { fileFormats } from '../../agents/registry.ts';
import { HookpoolError, messageOf } from '../../errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { thisUser } from '../hook/environment.ts';
import type { TranscriptOwner } from '../hook/transcript.ts';
import type { BridgeLine } from './bridge-lines.ts';
import { type NamedAgent, namedAgent, type Place, placeOf } from './places.ts';
import { Records } from './records.ts';
import { readSettings, realPlace } from './settings-file.ts';
import { linesIn, listsOf, type WiredFile } from './wiring.ts';

export interface Installed {
  readonly about: string;
  /** The file, as people name it. */
  readonly shown: string;
  readonly lines: readonly BridgeLine[];
  /** Why the file cannot be read. */
  readonly problem: string | undefined;
  /** What keeps the agent from running the hooks of the file. */
  readonly warnings: readonly string[];
  /** The event of the probe. */
  readonly gate: string;
  readonly probe: JsonObject;
}

/** Places of a project beside the usual one, which only some agents have. */
const besides = ['settings.local.json', 'config.toml'];

export function findInstalled(project: string): Installed[] {
  const user = thisUser();
  const records = new Records(user);
  return fileFormats.flatMap((format) => {
    const agent = namedAgent(format.dialects[0]);
    return placesOf(agent, project, user).flatMap((place) => look(agent, place, records, project));
  });
}

function placesOf(agent: NamedAgent, project: string, user: TranscriptOwner): Place[] {
  const { bridge } = agent.format;
  const scopes = [
    ...(bridge.project === undefined ? [] : (['project'] as const)),
    ...(bridge.user === undefined ? [] : (['user'] as const)),
  ];
  const places = scopes.map((scope) =>
    placeOf(agent, { scope, folder: project, file: undefined }, user),
  );
  const found = places.flatMap((place) => [place, ...beside(place)]).flatMap(scriptsOf);
  return [...new Map(found.map((place) => [place.file, place])).values()];
}

function beside(place: Place): Place[] {
  return besides.flatMap((name) => {
    const file = path.join(path.dirname(place.file), name);
    const syntax = file.endsWith('.toml') ? ('toml' as const) : ('json' as const);
    return place.syntax !== 'script' && existsSync(file) ? [{ ...place, file, syntax }] : [];
  });
}

function scriptsOf(place: Place): Place[] {
  if (place.syntax !== 'script') return [place];
  const folder = path.dirname(place.file);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({ ...place, file: path.join(folder, name) }));
}

/** Files without the line tell nothing. */
function look(agent: NamedAgent, place: Place, records: Records, project: string): Installed[] {
  const { format } = agent;
  const { bridge, about } = format;
  const named = path.relative(project, place.file);
  const shown = named.startsWith('..') ? place.file : named;
  const told = { about, shown, gate: bridge.events[0], probe: bridge.probe };
  let text: string | undefined;
  try {
    const file = realPlace(place.file, place.root);
    text = readSettings(file);
    if (text === undefined) return [];
    const one: WiredFile = {
      agent,
      place: { ...place, file },
      name: undefined,
      text,
      record: records.read(file),
    };
    const lines = linesIn(one);
    if (lines.length === 0) return [];
    const warnings =
      place.syntax === 'script' ? [] : switchesOf(format.rootKeys, listsOf(one).read(text));
    return [{ ...told, lines, problem: undefined, warnings }];
  } catch (error) {
    if (!(error instanceof HookpoolError)) throw error;
    // A broken file without the bridge is nothing that hookpool has to do with.
    if (text?.includes('hookpool') === false) return [];
    return [{ ...told, lines: [], problem: messageOf(error), warnings: [] }];
  }
}

/** Keys that switch the hooks of the file off. */
function switchesOf(rules: KeyRules, root: JsonObject): string[] {
  return Object.entries(rules).flatMap(([key, rule]) =>
    Object.hasOwn(root, key) ? (rule(root[key], root).problem ?? []) : [],
  );
}
