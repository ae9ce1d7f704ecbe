/** The files of an agent that take the line of the bridge. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BridgeFile, HomeFile } from '../../agents/bridge-file.ts';
import { type AgentFile, fileFormats } from '../../agents/registry.ts';
import { InvalidInputError } from '../../errors.ts';
import type { Syntax } from '../../files/insertion/hook-lists.ts';
import { looksLikeToml } from '../../files/toml.ts';
import type { TranscriptOwner } from '../hook/transcript.ts';

/** An agent as a command names it: by a dialect of it. */
export interface NamedAgent {
  readonly dialect: string;
  readonly format: AgentFile;
}

export interface Place {
  /** Absolute. A `*` in the name of a script stands for the event. */
  readonly file: string;
  /** The folder that no link may lead out of. */
  readonly root: string;
  readonly syntax: Syntax | 'script';
  /** The keys that lead to the mapping of events, where they are not those of the layout. */
  readonly within?: readonly string[] | undefined;
}

export const agentNames: readonly string[] = fileFormats.map(({ dialects: [first] }) => first);

/** @throws InvalidInputError `INVALID_USAGE` with the names that exist. */
export function namedAgent(name: string | undefined): NamedAgent {
  const format = fileFormats.find(({ dialects }) => dialects.some((one) => one === name));
  if (name !== undefined && format !== undefined) return { dialect: name, format };
  const known = agentNames.join(', ');
  const text =
    name === undefined
      ? `Name an AGENT: ${known}.`
      : `There is no agent "${name}". Known: ${known}.`;
  throw new InvalidInputError('INVALID_USAGE', text);
}

export interface Wanted {
  readonly scope: 'project' | 'user';
  /** The folder of the project. */
  readonly folder: string;
  /** A file in another place, or of an agent without a fixed one. */
  readonly file: string | undefined;
}

/** @throws InvalidInputError `INVALID_USAGE` where the agent has no such place. */
export function placeOf(
  { format, dialect }: NamedAgent,
  wanted: Wanted,
  user: TranscriptOwner,
): Place {
  const { bridge } = format;
  const { folder } = wanted;
  if (wanted.file !== undefined) {
    const file = path.resolve(folder, wanted.file);
    const root = file.startsWith(`${folder}/`) ? folder : path.dirname(file);
    return { file, root, syntax: syntaxOf(bridge, file) };
  }
  const found =
    wanted.scope === 'user' ? inHome(bridge.user, user) : { root: folder, below: bridge.project };
  const within = wanted.scope === 'user' ? bridge.user?.within : undefined;
  if (found?.below === undefined)
    throw new InvalidInputError('INVALID_USAGE', noPlace(format, dialect, wanted));
  const file = path.join(found.root, found.below);
  const chosen = tomlBeside(bridge, file) ?? file;
  return { file: chosen, root: found.root, syntax: syntaxOf(bridge, chosen), within };
}

function inHome(file: HomeFile | undefined, { home, env }: TranscriptOwner) {
  const variable = file?.variable;
  const named = variable === undefined ? undefined : env[variable.name];
  return variable !== undefined && named !== undefined && named !== ''
    ? { root: path.resolve(named), below: variable.below }
    : { root: home, below: file?.inHome };
}

function noPlace({ about, bridge }: AgentFile, dialect: string, { scope }: Wanted): string {
  const only = scope === 'user' ? bridge.project : bridge.user;
  const other = scope === 'user' ? '--project' : '--user';
  const fix =
    only === undefined ? `hookpool install ${dialect} --file FILE` : `use ${other} or --file FILE`;
  return `${about} has no fixed file for hooks of ${scope === 'user' ? 'a user' : 'a project'}: ${fix}.`;
}

function syntaxOf({ layout }: BridgeFile, file: string): Place['syntax'] {
  if (layout === 'script') return 'script';
  if (file.endsWith('.toml')) return 'toml';
  return layout === 'agents' && !file.endsWith('.json') ? 'yaml' : 'json';
}

/** The TOML file beside, where it has hooks and the JSON file does not exist. */
function tomlBeside({ toml }: BridgeFile, file: string): string | undefined {
  if (toml === undefined || existsSync(file)) return undefined;
  const beside = path.join(path.dirname(file), toml);
  if (!existsSync(beside)) return undefined;
  const text = readFileSync(beside, 'utf8');
  return looksLikeToml(text) && /^\s*\[\[?hooks\b/m.test(text) ? beside : undefined;
}
