/**
 * What confines the supervisor and a job, as they see it themselves and as the host sees it,
 * against the reviewed files beside this one. A difference is a change of a boundary: review it,
 * then `vitest -u`.
 */

import os from 'node:os';
import Docker from 'dockerode';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { ContainerSpec } from '../../src/sandbox/container-spec.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { imageFolder, imageName, readSeccompProfile } from '../../src/sandbox/image.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { containerSpec, defaultLimits, drawJobUid, ownerLabel } from '../../src/sandbox/spec.ts';
import { testPool } from '../support/pool.ts';
import { type Collected, collect, collector, postureOf } from '../support/posture.ts';
import { runScript, stdoutOf } from '../support/script.ts';

const images = {
  small: readConfig().image ?? imageName(),
  full: imageName(imageFolder, 'full'),
} as const;
const profiles = ['small', 'full'] as const;
const pools = { small: testPool(), full: testPool({ image: images.full }) } as const;
afterAll(() => Promise.all(profiles.map((profile) => pools[profile].drain())));

const jobUid = drawJobUid();
const spec = (
  change: (hostConfig: ContainerSpec['HostConfig']) => object = (same) => same,
  more: object = {},
  image: string = images.small,
): ContainerSpec => {
  const labels = { [ownerLabel]: `${os.hostname()}:${process.pid}` };
  const whole = containerSpec({
    image,
    seccompProfile: readSeccompProfile(),
    limits: defaultLimits,
    jobUid,
    labels,
  });
  return { ...whole, ...more, HostConfig: { ...whole.HostConfig, ...change(whole.HostConfig) } };
};
const { MaskedPaths = [], ReadonlyPaths = [] } = spec().HostConfig;
const covered = [...(MaskedPaths ?? []), ...(ReadonlyPaths ?? [])];
const allowAll = 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}';

const uidIn = (seen: Collected) => Number(/^Uid:\s+(\d+)/m.exec(seen.status)?.[1]);

describe('a job is confined as it was reviewed:', () => {
  test.each(profiles)('python3 of %s', async (profile) => {
    const run = await runScript(pools[profile], 'python3', collector);
    const seen = JSON.parse(stdoutOf(run)) as Collected;
    await expect(postureOf(seen, { jobUid: uidIn(seen), covered })).toMatchFileSnapshot(
      'posture/job-python3.txt',
    );
  });

  test.each(profiles)('bash of %s, and what it starts', async (profile) => {
    const script = `python3 -I -c "$(cat <<'END'\n${collector}\nEND\n)"`;
    const seen = JSON.parse(stdoutOf(await runScript(pools[profile], 'bash', script))) as Collected;
    await expect(postureOf(seen, { jobUid: uidIn(seen), covered })).toMatchFileSnapshot(
      'posture/job-bash.txt',
    );
  });

  test('node, and what it starts', async () => {
    const script = `const options = ['-I', '-c', ${JSON.stringify(collector)}];
require('child_process').spawnSync('python3', options, { stdio: 'inherit' });`;
    const seen = JSON.parse(stdoutOf(await runScript(pools.full, 'node', script))) as Collected;
    await expect(postureOf(seen, { jobUid: uidIn(seen), covered })).toMatchFileSnapshot(
      'posture/job-node.txt',
    );
  });
});

test.for(profiles)(
  'the supervisor of %s is confined as it was reviewed',
  async (profile, { skip }) => {
    const whole = spec(undefined, {}, images[profile]);
    const sandbox = await Sandbox.create(new Engine(), whole, jobUid);
    try {
      const { State } = await new Docker().getContainer(sandbox.id).inspect();
      const limits = /^Max (core file size|open files) /;
      let seen: Collected;
      try {
        seen = collect(State.Pid);
      } catch {
        return skip('the processes of the engine cannot be read from here');
      }
      await expect(postureOf(seen, { jobUid, covered, limits })).toMatchFileSnapshot(
        'posture/supervisor.txt',
      );
    } finally {
      await sandbox.destroy();
    }
  },
);

describe('the supervisor refuses to serve', () => {
  test.each<[string, ContainerSpec, RegExp]>([
    [
      'with one capability more',
      spec(({ CapAdd }) => ({ CapAdd: [...(CapAdd ?? []), 'NET_RAW'] })),
      /capabilities are/,
    ],
    [
      'with the capabilities that engines give',
      spec(() => ({ CapDrop: [], CapAdd: [] })),
      /capabilities are/,
    ],
    ['privileged', spec(() => ({ Privileged: true })), /capabilities are|unable to apply caps/],
    [
      'without a filter',
      spec(() => ({ SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] })),
      /seccomp mode is 0/,
    ],
    [
      'without no-new-privileges',
      spec(() => ({ SecurityOpt: [allowAll] })),
      /no-new-privileges is off/,
    ],
    ['as another user than root', spec(undefined, { User: '1000' }), /not root|capabilities are/],
    ['for root as the job user', spec(undefined, { Cmd: ['0'] }), /must not be root/],
    ['among the processes of the host', spec(() => ({ PidMode: 'host' })), /not process 1/],
    [
      'with terminals',
      spec(({ MaskedPaths: paths }) => ({
        MaskedPaths: paths?.filter((one) => one !== '/dev/pts') ?? [],
      })),
      /a pseudo terminal can be/,
    ],
    [
      'with a core limit of 0',
      spec(() => ({ Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }] })),
      /the core limit is 0/,
    ],
    [
      'on a root file system that can be written',
      spec(() => ({ ReadonlyRootfs: false })),
      /\/ is mounted with flags/,
    ],
    [
      'with a scratch that can hold programs',
      spec(({ Tmpfs }) => ({
        Tmpfs: { ...Tmpfs, '/tmp': Tmpfs?.['/tmp']?.replace('noexec', 'exec') },
      })),
      /\/tmp is mounted with flags/,
    ],
    [
      'in the network of the host',
      spec(() => ({ NetworkMode: 'host', Sysctls: {} }), { NetworkDisabled: false }),
      /there is a network/,
    ],
  ])('%s', async (_, weaker, reason) => {
    await expect(Sandbox.create(new Engine(), weaker, jobUid)).rejects.toThrow(reason);
  });
});
