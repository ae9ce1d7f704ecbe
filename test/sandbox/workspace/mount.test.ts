import { describe, expect, it } from 'vitest';
import { readSeccompProfile } from '../../../src/sandbox/image.ts';
import { containerSpec, defaultLimits } from '../../../src/sandbox/spec.ts';
import { withoutSockets } from '../../../src/sandbox/workspace/mount.ts';

const seccompProfile = readSeccompProfile();
const options = {
  image: 'hookpool/sandbox:test',
  seccompProfile,
  limits: defaultLimits,
  jobUid: 268435456,
  labels: { owner: 'me' },
};

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args?: readonly object[];
}
const rulesOf = (profile: string) => (JSON.parse(profile) as { syscalls: Rule[] }).syscalls;
const otherRules = (profile: string) =>
  rulesOf(profile).filter(({ names }) => !names.some((name) => name.startsWith('socket')));

describe('the container spec with a workspace', () => {
  const plain = containerSpec(options);
  const { HostConfig, ...rest } = containerSpec({ ...options, workspace: '/src/app' });

  it('has one mount more, and another filter: nothing else', () => {
    const { Mounts, SecurityOpt, ...others } = HostConfig;
    const { SecurityOpt: before, ...same } = plain.HostConfig;
    expect({ ...rest, HostConfig: others }).toEqual({ ...plain, HostConfig: same });
    expect(SecurityOpt?.slice(0, -1)).toEqual(before?.slice(0, -1));
    expect(SecurityOpt?.at(-1)).toBe(`seccomp=${withoutSockets(seccompProfile)}`);
    expect(Mounts).toEqual([
      {
        Type: 'bind',
        Source: '/src/app',
        Target: '/src/app',
        ReadOnly: true,
        BindOptions: { Propagation: 'rprivate', NonRecursive: true },
      },
    ]);
  });
});

describe('the filter of a workspace', () => {
  const rules = rulesOf(withoutSockets(seccompProfile));

  it('permits no socket, and pairs that stay connected to themselves', () => {
    expect(rules.flatMap(({ names }) => names).filter((name) => name === 'socket')).toEqual([]);
    const pairs = rules.filter(({ names }) => names.includes('socketpair'));
    expect(pairs.map(({ args }) => args)).toEqual(
      [1, 5].map((valueTwo) => [
        { index: 0, value: 1, op: 'SCMP_CMP_EQ' },
        { index: 1, value: 0xfff7_f7ff, valueTwo, op: 'SCMP_CMP_MASKED_EQ' },
      ]),
    );
  });

  it('is else the filter of every sandbox', () => {
    expect(otherRules(withoutSockets(seccompProfile))).toEqual(otherRules(seccompProfile));
    expect(otherRules(seccompProfile).length).toBeGreaterThan(5);
  });
});
