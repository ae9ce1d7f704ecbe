/** `--workspace`: the folders of this machine that sandboxes may read. */
import { homedir } from 'node:os';
import { isInside } from '../sandbox/workspace/roots.ts';
import { Workspaces } from '../sandbox/workspace/workspaces.ts';
import type { Arguments, Io } from './command.ts';

export const workspaceOption = { workspace: { type: 'string', multiple: true } } as const;

/** The lines of a command's help, whose texts begin at `column`. */
export function workspaceUsage(column: number): string {
  const lines = [
    'a folder that hooks may read where the event is in it; may be repeated.',
    "'DIR/*': each folder in it. Read-only, at the same path, without network",
  ];
  return `${'  --workspace DIR'.padEnd(column)}${lines.join(`\n${' '.repeat(column)}`)}`;
}

/**
 * @returns undefined where the operator names no folder.
 * @throws InvalidInputError `INVALID_CONFIG`; see readRoots()
 */
export function readWorkspaces(args: Arguments, io: Pick<Io, 'err'>): Workspaces | undefined {
  const written = args.list('workspace');
  if (written.length === 0) return undefined;
  const workspaces = new Workspaces(written);
  const home = homedir();
  for (const { path, each } of workspaces.roots) {
    const holdsHome = isInside(home, path) && !(each && home !== path);
    if (holdsHome)
      io.err(
        `hookpool: --workspace ${path} holds the home folder ${home}: hooks may read whatever other users may read in it. Name the project's folder.\n`,
      );
  }
  return workspaces;
}
