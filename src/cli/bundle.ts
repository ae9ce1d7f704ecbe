/**
 * `hookpool bundle`: packs a hooks file and the files of its project into one text, for places
 * where the project cannot be read.
 */

import path from 'node:path';
import { InvalidInputError } from '../errors.ts';
import { toFilesMessage } from '../files/given-files.ts';
import { type HookSet, warningsOf } from '../files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../files/hooks-file.ts';
import type { LoadedHook } from '../files/loaded-hook.ts';
import { formatWarnings } from '../files/problem-text.ts';
import { plainJson } from '../plain-text.ts';
import { scriptOf } from '../protocol/action.ts';
import type { BundleFile } from '../protocol/bundle.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { fileOptionNames } from './file-options.ts';
import { hookFilesIn } from './hook-folder.ts';
import { readFileOptions, readHookFiles } from './load-hooks.ts';
import { listedContents } from './profiles/read-profiles.ts';
import { projectFolderOf } from './project-folder.ts';
import { readText } from './read-input.ts';

const usage = `hookpool bundle [--dialect NAME] [--agent NAME] [--project DIR] [--fail-mode MODE] FILE

Prints a hooks file together with the files that its commands name, as one JSON document: what
PUT /v1/hooksets/NAME and hookpool hook --hooks take where the project's folder cannot be read.

  --dialect NAME    whose file it is, where the file itself may be of several agents
  --agent NAME      whose hooks, where a file has those of several agents
  --project DIR     folder whose files the commands name; default: that of the hooks file, or the one above
                    the dot-folder that it lies in
  --fail-mode MODE  allow, block or ask: the failMode of hooks that say none; the document keeps it

Warnings are on stderr. Exit code: 0; 64 problems.
`;

export const bundleCommand: Command = {
  usage,
  options: fileOptionNames,
  run: printBundle,
};

async function printBundle(args: Arguments, io: Io): Promise<number> {
  const file = await fileOf(args.positionals);
  const { project, failMode, ...hint } = readFileOptions(args);
  const { sets, problems } = await readHookFiles([file], { ...hint, project, failMode });
  if (problems.length > 0) throw new InvalidHooksError(problems);
  const [set] = sets;
  const folder = path.resolve(project ?? projectFolderOf(file));
  const document = {
    document: await readText(file),
    dialect: set?.dialect.name,
    path: path.relative(folder, path.resolve(file)),
    files: toFilesMessage(filesOf(sets)),
    failMode,
  };
  const bundled = `${plainJson(JSON.stringify(document, null, 2))}\n`;
  checkBundled(parseHooksFile(file, bundled, { ...hint, profiles: listedContents() }), sets);
  io.err(formatWarnings(sets.flatMap(warningsOf)));
  io.out(bundled);
  return exitCodes.ok;
}

/** @throws InvalidInputError `INVALID_USAGE` for several files, and for a folder with several. */
async function fileOf([named, ...others]: readonly string[]): Promise<string> {
  if (named === undefined || others.length > 0)
    throw new InvalidInputError('INVALID_USAGE', 'Name one FILE.');
  const [file = named, second] = await hookFilesIn(named);
  if (second === undefined) return file;
  const text = `${named} is a folder with several scripts, and each needs a bundle of its own: hookpool bundle ${file}`;
  throw new InvalidInputError('INVALID_USAGE', text);
}

/**
 * Refuses a hook that runs here and would not run from the bundle, because its command names its
 * file by a path that only this machine has.
 */
function checkBundled({ hooks }: HookSet, sets: readonly HookSet[]): void {
  const lost = sets
    .flatMap((set) => set.hooks)
    .flatMap((before, at) => {
      const after = hooks[at];
      const isLost = hasFiles(before) && (after === undefined || !hasFiles(after));
      return isLost ? [before.scriptProblem(ownPath)] : [];
    });
  if (lost.length > 0) throw new InvalidHooksError(lost);
}

const ownPath =
  'The command names a file by a path that only this machine has: write it relative to the project.';

function hasFiles({ hook }: LoadedHook): boolean {
  return scriptOf(hook)?.bundle !== undefined;
}

function filesOf(sets: readonly HookSet[]): Iterable<BundleFile> {
  const bundles = sets.flatMap(({ hooks }) =>
    hooks.flatMap(({ hook }) => scriptOf(hook)?.bundle ?? []),
  );
  return new Map(bundles.flatMap(({ files }) => files.map((file) => [file.path, file]))).values();
}
