/** `hookpool install`: puts the line of the bridge into the file of an agent, and takes it out. */
import path from 'node:path';
import { findDialect } from '../../agents/registry.ts';
import { InvalidInputError } from '../../errors.ts';
import { foldName } from '../../protocol/dialect-lookup.ts';
import { type Arguments, type Command, type Io, listed } from '../command.ts';
import { readHookEnvironment, thisUser } from '../hook/environment.ts';
import { defaultServer } from '../hook/options.ts';
import {
  type BridgeSettings,
  bridgeCommand,
  bridgeOptions,
  defaultHookset,
  readBridgeSettings,
} from './bridge-command.ts';
import { type Change, type Changes, carryOut, changeOf, type Unwired } from './changes.ts';
import { type HookSource, localEvents, uncoveredHooks } from './coverage.ts';
import { agentNames, type NamedAgent, namedAgent, type Place, placeOf } from './places.ts';
import { Records } from './records.ts';
import { readSettings, realPlace } from './settings-file.ts';
import { linesIn, unwired, type WiredFile, wired } from './wiring.ts';

const usage = `hookpool install AGENT [DIR] [--project | --user | --file FILE] [options]
hookpool install AGENT [DIR] --remove

Puts the line of the bridge into the file in which AGENT looks for its hooks. What else stands in the
file stays as it is, byte for byte. A second call changes nothing; --remove makes the file what it was.

  AGENT              ${listed(agentNames, 21).trimStart()}
  DIR                folder of the project; default: the current one
  --project          the file of the project, which is the default
  --user             the file of the user, for all projects
  --file FILE        another file, such as .claude/settings.local.json, or an agent's YAML
  --agent NAME       whose hooks, where FILE has several agents
  --event NAME       an event that calls the bridge; may be repeated. Default: those of --local FILE, else
                     the events before a tool and at the end of a turn
  --hookset NAME     hooks that the server has stored; default: ${defaultHookset}
  --local FILE       no server: run the hooks of FILE. A container starts for each event: to try a guard
  --server URL       http://, https:// or unix:///SOCKET; default: HOOKPOOL_SERVER when the hook runs
  --token-file FILE  holds the token for the server; default: HOOKPOOL_TOKEN when the hook runs. No token is
                     ever written into the file
  --bridge KIND      native, node or sh; default: native where it is built, else node
  --dry-run          print the difference, and change nothing
  --remove           take the line out

The text before is kept in hookpool/files of $XDG_STATE_HOME or ~/.local/state.
Exit code: 0 done, or nothing to do; 64 bad usage, or a file that cannot be edited: it is left as it is.
`;

export const installCommand: Command = {
  usage,
  options: {
    project: { type: 'boolean' },
    user: { type: 'boolean' },
    file: { type: 'string' },
    agent: { type: 'string' },
    event: { type: 'string', multiple: true },
    ...bridgeOptions,
    'dry-run': { type: 'boolean' },
    remove: { type: 'boolean' },
  },
  run: install,
};

async function install(args: Arguments, io: Io): Promise<number> {
  const [name, folder = '.', more] = args.positionals;
  if (more !== undefined) throw wrong(`Unexpected argument "${more}".`);
  if (args.flag('project') && args.flag('user')) throw wrong('Choose --project or --user.');
  const agent = namedAgent(name);
  const wanted = {
    scope: args.flag('user') ? 'user' : 'project',
    folder: path.resolve(folder),
    file: args.text('file'),
  } as const;
  const user = thisUser();
  const records = new Records(user);
  const place = placeOf(agent, wanted, user);
  const of = (event: string) =>
    openFile(agent, place, event, { records, name: args.text('agent') });
  const changes = args.flag('remove')
    ? removals(agent, place, of, records)
    : await additions(agent, place, of, { args, io });
  return carryOut(changes, records, { io, isDry: args.flag('dry-run') });
}

type OpenEvent = (event: string) => WiredFile;

function openFile(
  agent: NamedAgent,
  place: Place,
  event: string,
  { records, name }: { readonly records: Records; readonly name: string | undefined },
): WiredFile {
  const file = realPlace(place.file.replace('*', event), place.root);
  return {
    agent,
    place: { ...place, file },
    name,
    text: readSettings(file),
    record: records.read(file),
  };
}

async function additions(
  agent: NamedAgent,
  place: Place,
  of: OpenEvent,
  { args, io }: { readonly args: Arguments; readonly io: Io },
): Promise<Changes> {
  const settings = readBridgeSettings(args);
  const events = await eventsOf(agent, settings, args.list('event'));
  const uncovered = await uncoveredHooks(agent.format.about, sourceOf(agent, settings), events);
  if (uncovered !== undefined) io.err(`Warning: ${uncovered}\n`);
  const commands = new Map(events.map((event) => [event, commandFor(agent, settings, event)]));
  const parts =
    place.syntax === 'script'
      ? events.map((event) => new Map([[event, String(commands.get(event))]]))
      : [commands];
  const changes = parts.map((part) => {
    const file = of(String([...part.keys()][0]));
    return changeOf(file, isWired(file, part) ? undefined : wired(file, part));
  });
  const from = settings.local === undefined ? `hook set ${settings.hookset}` : settings.local;
  const { note } = agent.format.bridge;
  return {
    by: 'install',
    changes,
    done: `${events.join(', ')} ${events.length === 1 ? 'calls' : 'call'} the bridge (${from}).`,
    nothing: 'the bridge is installed already.',
    notes: [...(note === undefined ? [] : [note]), 'hookpool status tells whether it works.'],
  };
}

function removals({ format }: NamedAgent, place: Place, of: OpenEvent, records: Records): Changes {
  const events = place.syntax === 'script' ? scriptEvents(format.dialects[0]) : ['*'];
  const files = events.map(of).filter((file) => file.text !== undefined);
  const adopted = files.find(({ place: { file } }) => records.read(file, 'adopt') !== undefined);
  if (adopted !== undefined && linesIn(adopted).length > 0)
    throw wrong(
      `The guards of ${adopted.place.file} run behind the bridge only: hookpool adopt ${adopted.place.file} --revert brings them back.`,
    );
  return {
    by: 'install',
    changes: files.map((file): Change => changeOf(file, removed(file))),
    done: 'the line of the bridge is taken out.',
    nothing: 'the bridge is not in it.',
    notes: [],
  };
}

function scriptEvents(dialect: string): readonly string[] {
  return Object.keys(findDialect(dialect).events);
}

function removed(file: WiredFile): Unwired | undefined {
  return linesIn(file).length === 0 ? undefined : { left: unwired(file) };
}

/** The same lines for the same events: whatever else their hooks say is the user's. */
function isWired(file: WiredFile, commands: ReadonlyMap<string, string>): boolean {
  const lines = linesIn(file);
  return (
    lines.length === commands.size &&
    lines.every(({ event, command }) => commands.get(event) === command)
  );
}

function commandFor({ dialect, format }: NamedAgent, settings: BridgeSettings, event: string) {
  const { namesEvent = false } = format.bridge;
  return bridgeCommand(settings, dialect, namesEvent ? event : undefined);
}

/** The server and the token are those that the bridge takes. */
function sourceOf({ dialect }: NamedAgent, settings: BridgeSettings): HookSource {
  const { local, hookset, tokenFile } = settings;
  const env = readHookEnvironment();
  const fromFile = tokenFile === undefined ? undefined : readSettings(tokenFile)?.trim();
  return {
    dialect,
    local: local === undefined ? [] : [local],
    hookset,
    server: settings.server ?? env.server ?? defaultServer,
    token: fromFile ?? env.token,
  };
}

async function eventsOf(
  { dialect, format }: NamedAgent,
  { local }: BridgeSettings,
  named: readonly string[],
): Promise<readonly string[]> {
  if (named.length > 0) return [...new Set(named.map((event) => knownEvent(dialect, event)))];
  if (local === undefined) return format.bridge.events;
  const events = await localEvents(local, dialect);
  return events.length === 0
    ? format.bridge.events
    : events.map((event) => knownEvent(dialect, event));
}

/** The event in the agent's spelling. @throws InvalidInputError `INVALID_EVENT` */
function knownEvent(dialect: string, event: string): string {
  const { events, eventAliases = {} } = findDialect(dialect);
  const known = [...Object.keys(events), ...Object.keys(eventAliases)];
  const found = known.find((name) => foldName(name) === foldName(event));
  if (found !== undefined) return found;
  const text = `${dialect} has no event "${event}". Known: ${known.join(', ')}.`;
  throw new InvalidInputError('INVALID_EVENT', text);
}

function wrong(text: string): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', text);
}
