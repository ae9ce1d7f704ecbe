/** The form of a container spec. */
import type { WorkspaceMount } from './workspace/mount.ts';

/** The members of the engine's container spec that a sandbox has. */
export interface ContainerSpec {
  readonly Image: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  /** Empty: the user of the image. */
  readonly User: string;
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
  readonly Tty: boolean;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly NetworkDisabled: boolean;
  readonly StopSignal: string;
  /** Seconds. */
  readonly StopTimeout: number;
  readonly HostConfig: HostConfig;
}

interface HostConfig {
  readonly AutoRemove: boolean;
  readonly Binds: readonly string[];
  readonly CapAdd: readonly string[];
  readonly CapDrop: readonly string[];
  readonly CgroupnsMode: 'private';
  /** Microseconds. */
  readonly CpuPeriod: number;
  /** Microseconds of each period. */
  readonly CpuQuota: number;
  readonly Init: boolean;
  readonly IpcMode: string;
  readonly LogConfig: { readonly Type: string; readonly Config: object };
  readonly MaskedPaths: readonly string[];
  /** Bytes. */
  readonly Memory: number;
  /** Bytes of memory and swap together. */
  readonly MemorySwap: number;
  readonly Mounts?: readonly WorkspaceMount[];
  readonly NetworkMode: string;
  readonly OomScoreAdj: number;
  readonly PidsLimit: number;
  readonly Privileged: boolean;
  readonly ReadonlyPaths: readonly string[];
  readonly ReadonlyRootfs: boolean;
  readonly RestartPolicy: { readonly Name: string };
  readonly Runtime?: string;
  readonly SecurityOpt: readonly string[];
  readonly Sysctls: Readonly<Record<string, string>>;
  /** Mount options by path. */
  readonly Tmpfs: Readonly<Record<string, string>>;
  readonly Ulimits: readonly {
    readonly Name: string;
    readonly Soft: number;
    readonly Hard: number;
  }[];
}
