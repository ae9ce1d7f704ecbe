/** What a container spec has more where the sandbox can read a workspace. */

/** A bind mount as the engine's API takes it; the published types lack `NonRecursive`. */
export interface WorkspaceMount {
  readonly Type: 'bind';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: true;
  readonly BindOptions: { readonly Propagation: 'rprivate'; readonly NonRecursive: true };
}

/**
 * `NonRecursive`: engines before API 1.44 leave file systems below a read-only mount writable (seen
 * with 20.10: a job wrote to a tmpfs there), so these stay out of the sandbox.
 */
export function workspaceMount(path: string): WorkspaceMount {
  return {
    Type: 'bind',
    Source: path,
    Target: path,
    ReadOnly: true,
    BindOptions: { Propagation: 'rprivate', NonRecursive: true },
  };
}

interface SeccompProfile {
  readonly syscalls: readonly {
    readonly names: readonly string[];
    readonly action: string;
    readonly args?: readonly object[];
  }[];
}

const unixFamily = { index: 0, value: 1, op: 'SCMP_CMP_EQ' } as const;
/** SOCK_STREAM and SOCK_SEQPACKET: a pair of these stays connected to itself. */
const pairTypes = [1, 5];
/** All bits of an int without SOCK_CLOEXEC and SOCK_NONBLOCK. */
const typeMask = 0xffff_ffff - 0x8_0000 - 0x800;

/**
 * The seccomp profile without `socket`: a socket file in the project is a way to a program of the
 * host, which a read-only mount leaves open. Connected pairs stay.
 */
export function withoutSockets(profile: string): string {
  const parsed = JSON.parse(profile) as SeccompProfile;
  const pairs = pairTypes.map((type) => ({
    names: ['socketpair'],
    action: 'SCMP_ACT_ALLOW',
    args: [
      unixFamily,
      { index: 1, value: typeMask, valueTwo: type, op: 'SCMP_CMP_MASKED_EQ' } as const,
    ],
  }));
  const others = parsed.syscalls
    .map((rule) => ({
      ...rule,
      names: rule.names.filter((name) => name !== 'socket' && name !== 'socketpair'),
    }))
    .filter(({ names }) => names.length > 0);
  return JSON.stringify({ ...parsed, syscalls: [...others, ...pairs] });
}
