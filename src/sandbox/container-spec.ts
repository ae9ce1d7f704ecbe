/** The form of a container spec. */
import type Docker from 'dockerode';
import type { WorkspaceMount } from './workspace/mount.ts';

/**
 * The container spec that the engine's API accepts; wider than the published types, which lack
 * `CgroupnsMode` and `NonRecursive`.
 */
export type ContainerSpec = Omit<Docker.ContainerCreateOptions, 'HostConfig'> & {
  readonly HostConfig: Docker.HostConfig & {
    readonly CgroupnsMode: 'private';
    readonly Mounts?: readonly WorkspaceMount[];
  };
};
