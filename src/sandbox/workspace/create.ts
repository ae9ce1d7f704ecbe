/** Creates a sandbox that can read a workspace, and makes sure that it is this one. */
import { SandboxError } from '../../errors.ts';
import type { Sandbox } from '../sandbox.ts';
import { checkMount } from './check-mount.ts';
import { folderId, gone, type Workspaces } from './workspaces.ts';

export interface WorkspaceSettings {
  readonly workspaces: Workspaces | undefined;
  readonly gvisor: boolean;
  /** Device and inode that the event's look-up found; undefined: any. */
  readonly id?: string | undefined;
}

/**
 * The folder stays open meanwhile, so that no other one can get its number.
 * @throws SandboxError `CREATE_FAILED` when the folder is no workspace, or the sandbox sees another
 * one; and the errors of `create`
 */
export async function createInWorkspace(
  create: () => Promise<Sandbox>,
  path: string,
  { workspaces, gvisor, id }: WorkspaceSettings,
): Promise<Sandbox> {
  if (workspaces === undefined)
    throw new SandboxError('CREATE_FAILED', `${path} is no workspace: none is allowed here.`);
  const held = await workspaces.hold(path);
  try {
    const isOther = id !== undefined && id !== folderId({ dev: held.device, ino: held.inode });
    if (isOther) throw gone(path);
    const sandbox = await create();
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
