/** Runs one script in the project of an event, or in none. */
import { SandboxError } from '../errors.ts';
import type { ScriptFacts, ScriptRun } from '../protocol/run.ts';
import { defaultKind } from '../protocol/sandbox-kind.ts';
import { startedIn } from '../protocol/workspace-start.ts';
import { type LeaseSource, runScript } from './run-script.ts';
import type { Workspaces } from './workspace/workspaces.ts';

/**
 * As runScript(); a script with a folder runs there.
 * @param workspaces the folders that scripts may read; undefined: none.
 * @throws SandboxError `WORKSPACE_FAILED` where the folder is none of them; else as runScript().
 */
export async function runInProject(
  pool: LeaseSource,
  { cwd, ...script }: ScriptRun,
  signal: AbortSignal,
  workspaces: Pick<Workspaces, 'find'> | undefined,
): Promise<ScriptFacts> {
  if (cwd === undefined) return runScript(pool, script, signal);
  const found = await workspaces?.find(cwd);
  if (found === undefined) throw new SandboxError('WORKSPACE_FAILED', noFolders);
  if ('missing' in found) throw new SandboxError('WORKSPACE_FAILED', found.missing);
  const { request, kind = defaultKind } = script;
  const { place, id } = found;
  const source = Buffer.from(request.script).toString();
  const started = startedIn(place, { runtime: request.runtime, source });
  return runScript(
    pool,
    {
      ...script,
      kind: { ...kind, workspace: place.workspace, workspaceId: id },
      request: { ...request, script: Buffer.from(started) },
    },
    signal,
  );
}

const noFolders =
  'The machine that ran the script lets none read its folders: --workspace names them.';
