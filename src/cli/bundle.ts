/**
 * `hookpool bundle`: packs a hooks file and the files of its project into one text, for places
 * where the project cannot be read.
 */

import path from 'node:path';
import { findDialect } from '../agents/registry.ts';
import { InvalidInputError } from '../errors.ts';
import { toFilesMessage } from '../files/given-files.ts';
import type { HookSet } from '../files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../files/hooks-file.ts';
import { plainJson } from '../plain-text.ts';
import { scriptOf } from '../protocol/action.ts';
import type { BundleFile } from '../protocol/bundle.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { readHookFiles, readText } from './load-hooks.ts';
import { projectFolderOf } from './project-folder.ts';

const usage = `hookpool bundle [--dialect NAME] [--agent NAME] [--project DIR] FILE

Prints a hooks file together with the files that its commands name, as one JSON document: what
PUT /v1/hooksets/NAME and hookpool hook --hooks take where the project's folder cannot be read.

  --dialect NAME   whose file it is, where the file itself may be of several agents
  --agent NAME     whose hooks, where a file has those of several agents
  --project DIR    folder whose files the commands name; default: that of the hooks file, or the one above
                   the dot-folder that it lies in

Exit code: 0; 64 problems.
`;

export const bundleCommand: Command = {
  usage,
  options: { dialect: { type: 'string' }, agent: { type: 'string' }, project: { type: 'string' } },
  run: printBundle,
};

async function printBundle(args: Arguments, io: Io): Promise<number> {
  const [file, ...others] = args.positionals;
  if (file === undefined || others.length > 0)
    throw new InvalidInputError('INVALID_USAGE', 'Name one FILE.');
  const dialect = args.text('dialect');
  if (dialect !== undefined) findDialect(dialect);
  const hint = { dialect, agent: args.text('agent') };
  const { sets, problems } = await readHookFiles([file], {
    ...hint,
    project: args.text('project'),
  });
  if (problems.length > 0) throw new InvalidHooksError(problems);
  const [set] = sets;
  const folder = path.resolve(args.text('project') ?? projectFolderOf(file));
  const document = {
    document: await readText(file),
    dialect: set?.dialect.name,
    path: path.relative(folder, path.resolve(file)),
    files: toFilesMessage(filesOf(sets)),
  };
  const bundled = `${plainJson(JSON.stringify(document, null, 2))}\n`;
  // Parses the result, because a command may name its file by a path that only this machine has.
  parseHooksFile(file, bundled, hint);
  io.out(bundled);
  return exitCodes.ok;
}

function filesOf(sets: readonly HookSet[]): Iterable<BundleFile> {
  const bundles = sets.flatMap(({ hooks }) =>
    hooks.flatMap(({ hook }) => scriptOf(hook)?.bundle ?? []),
  );
  return new Map(bundles.flatMap(({ files }) => files.map((file) => [file.path, file]))).values();
}
