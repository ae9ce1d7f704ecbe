/** What sandbox a job needs. A sandbox is of one kind in its whole life. */

/** The profile of a job that names none. */
export const defaultProfile = 'small';

export interface SandboxKind {
  /** Name of the profile, which is an image with limits. */
  readonly profile: string;
  /** Absolute path of a project on this machine, which the sandbox can read; absent: none. */
  readonly workspace?: string | undefined;
  /** Device and inode of the workspace: another folder may lie at the same path later. */
  readonly workspaceId?: string | undefined;
}

export const defaultKind: SandboxKind = { profile: defaultProfile };

/** The kind of sandbox that a hook runs in. @param profile undefined: the default one */
export function kindOf({
  profile = defaultProfile,
}: {
  profile?: string | undefined;
}): SandboxKind {
  return { profile };
}

/** A text that two kinds share when they are the same. */
export function kindKey({ profile, workspace, workspaceId = '' }: SandboxKind): string {
  return workspace === undefined ? profile : `${profile}\0${workspace}\0${workspaceId}`;
}
