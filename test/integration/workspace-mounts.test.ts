/** The mounts of workspaces, on the real engine: which folders they are, and whose. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, renameSync, symlinkSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultRunLimits } from '../../src/protocol/run.ts';
import { defaultProfile } from '../../src/protocol/sandbox-kind.ts';
import { testPool } from '../support/pool.ts';
import { engineAfter, refused, WorkspaceRig } from './workspace-rig.ts';

const rig = new WorkspaceRig();
const { made, app, sub, other, outside, each, workspaces } = rig;

afterAll(() => rig.close());

describe.skipIf(process.getuid?.() !== 0)('what root put into a workspace', () => {
  test('a setuid program gives nothing, and a device opens nothing', async () => {
    copyFileSync('/usr/bin/id', `${app}/suid`);
    chmodSync(`${app}/suid`, 0o4755);
    execFileSync('mknod', ['-m', '666', `${app}/mem`, 'c', '1', '1']);
    execFileSync('mknod', ['-m', '666', `${app}/kmsg`, 'c', '1', '11']);
    const said = await rig.printed(
      'test -u suid && echo setuid; ./suid -u; id -u; head -c 1 mem; head -c 1 kmsg; echo x > kmsg',
    );
    const [bit, effective, real, ...devices] = said.split('\n');
    expect({ bit, same: effective === real }).toEqual({ bit: 'setuid', same: true });
    expect(Number(real)).toBeGreaterThan(65_535);
    expect(devices).toHaveLength(3);
    for (const line of devices) expect(line).toMatch(refused);
    execFileSync('rm', [`${app}/suid`, `${app}/mem`, `${app}/kmsg`]);
  });

  test('a file system below it is refused, and would not be in the sandbox', async () => {
    const below = made.folder('other/below');
    execFileSync('mount', ['-t', 'tmpfs', 'none', below]);
    try {
      const { results } = await rig.decide({ script: 'cat note.txt >&2; exit 2' }, other);
      expect(results[0]).toMatchObject({ decision: 'block' });
      expect(await workspaces.find(other)).toEqual({
        missing: expect.stringContaining(`another file system below it, at ${below}`),
      });
    } finally {
      execFileSync('umount', [below]);
    }
  });

  test('a file system that comes after the look-up is not in the sandbox', async () => {
    const below = made.folder('other/later');
    const engine = engineAfter(() => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=777', 'none', below]);
      made.file('other/later/file', '');
    });
    const late = testPool({ max: 1, warm: 0, workspaces, engine });
    try {
      const kind = { profile: defaultProfile, workspace: other };
      const lease = await late.acquire('default', 'tenant', { kind });
      const run = await lease.run({
        runtime: 'bash',
        script: Buffer.from(`echo ${below}/*; echo x > ${below}/new`),
        stdin: Buffer.alloc(0),
        limits: defaultRunLimits,
      });
      lease.release();
      expect(Buffer.from(run.stdout).toString()).toBe(`${below}/*\n`);
      expect(Buffer.from(run.stderr).toString()).toMatch(refused);
    } finally {
      await late.drain();
      execFileSync('umount', [below]);
    }
  });
});

describe('sandboxes', () => {
  test('have one workspace and one tenant for life', async () => {
    const ranIn = async (cwd: string | undefined) =>
      (await rig.decide({ script: 'pwd >&2; exit 2' }, cwd)).results.map(
        ({ ranIn: place, reason }) => [place?.container, reason],
      )[0];
    const first = await ranIn(app);
    const second = await ranIn(other);
    const none = await ranIn(outside);
    const again = await ranIn(sub);
    expect([first?.[1], second?.[1], none?.[1], again?.[1]]).toEqual([app, other, '/tmp', sub]);
    expect(new Set([first?.[0], second?.[0], none?.[0]]).size).toBe(3);
    expect(again?.[0]).toBe(first?.[0]);
  });

  test('are not made of a folder that was replaced by a link after the look-up', async () => {
    const folder = made.folder('each/swapped');
    const engine = engineAfter(() => {
      renameSync(folder, `${each}/old`);
      symlinkSync(outside, folder);
    });
    const late = testPool({ max: 1, warm: 0, workspaces, engine });
    const kind = { profile: defaultProfile, workspace: folder };
    await expect(late.acquire('default', 'tenant', { kind })).rejects.toMatchObject({
      code: 'WORKSPACE_FAILED',
      message: expect.stringContaining('it was replaced while it was mounted'),
    });
    await late.drain();
  });

  test('are not used again for another folder at the same path', async () => {
    const folder = made.folder('each/again');
    const again = testPool({ max: 2, warm: 0, workspaces });
    const seen = async () => {
      const found = await workspaces.find(folder);
      const id = 'id' in found ? found.id : '';
      const kind = { profile: defaultProfile, workspace: folder, workspaceId: id };
      const lease = await again.acquire('default', 'tenant', { kind });
      lease.release();
      return lease.container;
    };
    const first = await seen();
    renameSync(folder, `${each}/before`);
    made.folder('each/again');
    expect(await seen()).not.toBe(first);
    const stale = { profile: defaultProfile, workspace: folder, workspaceId: '1:2' };
    await expect(again.acquire('default', 'tenant', { kind: stale })).rejects.toMatchObject({
      code: 'WORKSPACE_FAILED',
    });
    await again.drain();
  });
});
