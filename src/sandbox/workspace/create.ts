/** Creates a sandbox that can read a workspace, and makes sure that it is this one. */
import { messageOf, type SandboxCode, SandboxError } from '../../errors.ts';
import type { Sandbox } from '../sandbox.ts';
import { checkMount } from './check-mount.ts';
import { folderId, gone, type HeldFolder, type Workspaces } from './workspaces.ts';

export interface WorkspaceSettings {
  readonly workspaces: Workspaces | undefined;
  readonly gvisor: boolean;
  /** Device and inode that the event's look-up found; undefined: any. */
  readonly id?: string | undefined;
}

/**
 * The folder stays open meanwhile, so that no other one can get its number.
 * @throws SandboxError `WORKSPACE_FAILED` when the folder is no workspace, or the sandbox sees another
 * one; and the errors of `create`
 */
export async function createInWorkspace(
  create: () => Promise<Sandbox>,
  path: string,
  { workspaces, gvisor, id }: WorkspaceSettings,
): Promise<Sandbox> {
  if (workspaces === undefined)
    throw new SandboxError('WORKSPACE_FAILED', `${path} is no workspace: none is allowed here.`);
  const held = await workspaces.hold(path);
  try {
    const isOther = id !== undefined && id !== folderId({ dev: held.device, ino: held.inode });
    if (isOther) throw gone(path);
    const sandbox = await create().catch(async (error: unknown) => {
      throw (await isOfFolder(error, path, held, workspaces)) ? unmounted(path, error) : error;
    });
    try {
      await checkMount(sandbox, path, held, gvisor);
      return sandbox;
    } catch (error) {
      await sandbox.destroy().catch(() => undefined);
      throw error;
    }
  } finally {
    await held.close();
  }
}

/** What an engine, or an engine proxy, says no to because of the container or its mounts. */
const refusals: ReadonlySet<string> = new Set<SandboxCode>(['CREATE_FAILED', 'START_FAILED']);

/**
 * Whether a failed creation is a fault of this workspace alone: a tenant can take his folder away at
 * any moment, and that must not count as a failure of the engine, which makes a worker take no jobs.
 */
async function isOfFolder(
  error: unknown,
  path: string,
  held: HeldFolder,
  workspaces: Workspaces,
): Promise<boolean> {
  if (!(error instanceof SandboxError) || !refusals.has(error.code)) return false;
  if (namesMount(error.message, path)) return true;
  try {
    const now = await workspaces.hold(path);
    await now.close();
    return now.device !== held.device || now.inode !== held.inode;
  } catch {
    return true;
  }
}

/** Whether a message names the folder, and not a longer path with its name in it, or the mount. */
function namesMount(message: string, path: string): boolean {
  if (message.includes('HostConfig.Mounts')) return true;
  return message
    .split(path)
    .slice(0, -1)
    .some((before) => !/[\w./-]$/.test(before));
}

function unmounted(path: string, cause: unknown): SandboxError {
  const text = `The workspace ${path} cannot be mounted: ${messageOf(cause)}`;
  return new SandboxError('WORKSPACE_FAILED', text, { cause });
}
