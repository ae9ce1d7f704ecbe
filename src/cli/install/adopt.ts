/** `hookpool adopt`: moves the guards of an agent's file behind the bridge, and brings them back. */
import path from 'node:path';
import { type AgentFile, fileFormats } from '../../agents/registry.ts';
import { InvalidInputError } from '../../errors.ts';
import { type HookSet, warningsOf } from '../../files/hook-set.ts';
import { InvalidHooksError } from '../../files/hooks-file.ts';
import { HookLists } from '../../files/insertion/hook-lists.ts';
import { type Arguments, type Command, exitCodes, type Io } from '../command.ts';
import { thisUser } from '../hook/environment.ts';
import { readHookFiles } from '../load-hooks.ts';
import { oneLine } from '../table.ts';
import { type Sorted, sorted } from './adoptable.ts';
import {
  type BridgeSettings,
  bridgeCommand,
  bridgeOptions,
  readBridgeSettings,
} from './bridge-command.ts';
import { guardsOf, removals } from './moved-hooks.ts';
import { hashOf, Records } from './records.ts';
import { readSettings, realPlace, removeSettings, writeSettings } from './settings-file.ts';
import { unifiedDiff } from './unified-diff.ts';

const usage = `hookpool adopt FILE [--dialect NAME] [--hookset NAME | --local] [options]
hookpool adopt FILE --revert

Moves the guards of an agent's settings in JSON that run in a sandbox behind the bridge: they go into
hookpool-guards.json beside FILE, and the line of the bridge takes their place. Hooks that only watch, that
need what a sandbox lacks, or of which hookpool check warns, stay where they are. What else stands in FILE
stays as it is.

  --dialect NAME     whose file it is, where the file itself does not say it
  --hookset NAME     the name under which the server stores the guards; default: guard
  --local            no server: the line runs the guards itself, in a container for each event
  --server URL, --token-file FILE, --bridge KIND
                     as in hookpool install
  --dry-run          print the difference, and change nothing
  --revert           make FILE what it was, byte for byte, and remove hookpool-guards.json

Exit code: 0; 64 bad usage, a bad file, or one that was changed since: it is left as it is.
`;

export const adoptCommand: Command = {
  usage,
  options: {
    ...bridgeOptions,
    local: { type: 'boolean' },
    dialect: { type: 'string' },
    'dry-run': { type: 'boolean' },
    revert: { type: 'boolean' },
  },
  run: adopt,
};

async function adopt(args: Arguments, io: Io): Promise<number> {
  const [named, more] = args.positionals;
  if (named === undefined || more !== undefined) throw wrong('Name one FILE.');
  const file = realPlace(path.resolve(named), path.dirname(path.resolve(named)));
  const records = new Records(thisUser());
  const isDry = args.flag('dry-run');
  if (args.flag('revert')) return revert(file, records, { io, isDry });
  const before = readSettings(file);
  if (before === undefined) throw wrong(`There is no file ${file}.`);
  if (hashOf(before) === records.read(file, 'adopt')?.sha256)
    throw wrong(`${named} was adopted already: --revert first.`);
  const set = await readSet(file, args.text('dialect'));
  const plan = planOf(file, before, set, args);
  for (const { hook, why } of plan.sorted.staying)
    io.err(`stays: ${hook.hook.event} ${oneLine(hook.hook.name)}: ${oneLine(why)}\n`);
  if (plan.sorted.moved.length === 0) {
    io.out(`${named}: no hook can move.\n`);
    return exitCodes.ok;
  }
  await checkGuards(plan, set);
  io.out(
    unifiedDiff(named, before, plan.after) +
      unifiedDiff(path.relative('.', plan.guardsFile), '', plan.guards),
  );
  if (!isDry) write(plan, before, records, io);
  return exitCodes.ok;
}

interface Plan {
  readonly file: string;
  readonly sorted: Sorted;
  readonly after: string;
  readonly guardsFile: string;
  readonly guards: string;
  readonly dialect: string;
  readonly settings: BridgeSettings;
}

async function readSet(file: string, dialect: string | undefined): Promise<HookSet> {
  const { sets, problems } = await readHookFiles([file], { dialect });
  const [set] = sets;
  if (set === undefined) throw new InvalidHooksError(problems);
  return set;
}

function formatOf({ format, file }: HookSet): AgentFile {
  const found = fileFormats.find((one) => one.format === format);
  if (found?.layout === 'hooks' || found?.layout === 'groups') {
    if (file.endsWith('.toml')) throw wrong(`${file} is TOML: only files in JSON are adopted.`);
    return found;
  }
  throw wrong(
    `${file} is of the format ${format}: only an agent's settings in JSON are adopted. docs/bridge.md says how to do it by hand.`,
  );
}

function planOf(file: string, before: string, set: HookSet, args: Arguments): Plan {
  const format = formatOf(set);
  const guardsFile = guardsPlace(file);
  if (readSettings(guardsFile) !== undefined)
    throw wrong(`${guardsFile} is there already: move it away.`);
  const read = readBridgeSettings(args);
  const settings = args.flag('local')
    ? { ...read, kind: 'node' as const, local: guardsFile }
    : read;
  const found = sorted(set);
  const lists = new HookLists(file, 'json');
  const root = lists.read(before);
  const events = [...new Set(found.moved.map(({ path: [, event] }) => String(event)))];
  const moved = found.moved.map((one) => one.path);
  const left = lists.remove(before, removals(root, moved), () => false);
  const items = events.map((event) => ({
    path: ['hooks', event],
    item: format.bridge.item(
      bridgeCommand(settings, set.dialect.name, format.bridge.namesEvent ? event : undefined),
      event,
    ),
  }));
  return {
    file,
    sorted: found,
    after: lists.add(String(left), {}, items).text,
    guardsFile,
    guards: `${JSON.stringify(guardsOf(root, moved), null, 2)}\n`,
    dialect: set.dialect.name,
    settings,
  };
}

/** Beside the file; above a folder of which the agent reads every file. */
function guardsPlace(file: string): string {
  const folder = path.dirname(file);
  const isWhole =
    path.basename(folder) === 'hooks' && path.basename(path.dirname(folder)).startsWith('.');
  return path.join(isWhole ? path.dirname(folder) : folder, 'hookpool-guards.json');
}

/** The guards have to be read as the same hooks where they are now. */
async function checkGuards(plan: Plan, set: HookSet): Promise<void> {
  const { parseHooksFile } = await import('../../files/hooks-file.ts');
  const { openProject, projectFolderOf } = await import('../project-folder.ts');
  const { guardsFile, guards, dialect } = plan;
  const project = openProject(projectFolderOf(plan.file));
  const read = parseHooksFile(guardsFile, guards, { dialect, path: guardsFile }, project);
  const isSame = read.hooks.length === plan.sorted.moved.length && warningsOf(read).length === 0;
  if (isSame && projectFolderOf(guardsFile) === projectFolderOf(plan.file)) return;
  throw wrong(
    `The guards of ${set.file} would not be the same in ${guardsFile}. Nothing was changed.`,
  );
}

function write(plan: Plan, before: string, records: Records, io: Io): void {
  const { file, after, guardsFile, guards, dialect, settings } = plan;
  const record = {
    by: 'adopt' as const,
    file,
    sha256: hashOf(after),
    chunks: [guards],
    folders: [],
    existed: true,
  };
  const copy = records.write({ ...record, before });
  // First the guards: no moment without them.
  writeSettings(guardsFile, guards, 0o644);
  writeSettings(file, after, 0o644);
  io.out(`The text before is in ${copy}. hookpool adopt ${file} --revert brings it back.\n`);
  if (settings.local === undefined)
    io.out(
      `Until the server has the guards, every call is blocked:\nhookpool bundle --dialect ${dialect} ${guardsFile} | curl -T - -H 'Content-Type: application/json' '${settings.server ?? 'http://127.0.0.1:4665'}/v1/hooksets/${settings.hookset}?dialect=${dialect}'\n`,
    );
}

function revert(
  file: string,
  records: Records,
  { io, isDry }: { readonly io: Io; readonly isDry: boolean },
): number {
  const record = records.read(file, 'adopt');
  const now = readSettings(file) ?? '';
  if (record?.before === undefined) throw wrong(`${file} was not adopted on this machine.`);
  const copy = path.join(records.folderOf(file, 'adopt'), 'copy');
  if (hashOf(now) !== record.sha256)
    throw wrong(
      `${file} was changed since it was adopted: nothing was changed. The text before is in ${copy}.`,
    );
  io.out(unifiedDiff(path.relative('.', file), now, record.before));
  if (isDry) return exitCodes.ok;
  writeSettings(file, record.before, 0o644);
  const guardsFile = guardsPlace(file);
  if (readSettings(guardsFile) === record.chunks[0]) removeSettings(guardsFile, []);
  else io.err(`${guardsFile} was changed since, and stays.\n`);
  records.drop(file, 'adopt');
  return exitCodes.ok;
}

function wrong(text: string): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', text);
}
