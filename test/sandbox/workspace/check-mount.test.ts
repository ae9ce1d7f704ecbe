import { describe, expect, it } from 'vitest';
import { emptyRun, type RunResult } from '../../../src/protocol/run.ts';
import { checkMount } from '../../../src/sandbox/workspace/check-mount.ts';

const expected = { device: 7n, inode: 8n, changedNs: 9_000_000_001n };

function look(stdout: string, gvisor = false, over: Partial<RunResult> = {}, isReady = true) {
  const run = { ...emptyRun('exited'), exitCode: 0, stdout: Buffer.from(stdout), ...over };
  const sandbox = { run: async () => run, ready: async () => isReady };
  return checkMount(sandbox, '/src/app', expected, gvisor);
}

const seen = (device: string, inode: string, changed: string, mounts: string[]) =>
  JSON.stringify([device, inode, changed, mounts]);

describe('a new sandbox', () => {
  it('is good when it sees the folder, read-only', async () => {
    await look(seen('7', '8', '0', ['ro,relatime']));
    await look(seen('1', '1', '9000000001', ['ro']), true);
  });

  it.each([
    ['another file system', seen('6', '8', '9000000001', ['ro']), false],
    ['another folder', seen('7', '9', '9000000001', ['ro']), false],
    ['a folder of another time', seen('7', '8', '9000000000', ['ro']), true],
  ])('is given up when it sees %s', async (_, stdout, gvisor) => {
    await expect(look(stdout, gvisor)).rejects.toMatchObject({
      code: 'WORKSPACE_FAILED',
      message: expect.stringContaining('it was replaced while it was mounted'),
    });
  });

  it.each([
    ['could write', ['rw,relatime']],
    ['has a second mount there', ['ro', 'rw']],
    ['has no mount there', []],
    ['has a mount with a name like it', ['relatime,error=ro-later']],
  ])('is given up when it %s', async (_, mounts) => {
    await expect(look(seen('7', '8', '0', mounts))).rejects.toThrow('did not get it read-only');
  });

  it('is given up when it cannot look, says nothing, or is not clean afterwards', async () => {
    const failed = { exitCode: 1, stderr: Buffer.from('x\nPermissionError: no\n') };
    await expect(look('', false, failed)).rejects.toThrow('(exited: PermissionError: no)');
    await expect(look('')).rejects.toThrow('says nothing of it');
    const good = seen('7', '8', '0', ['ro']);
    await expect(look(good, false, {}, false)).rejects.toThrow('was not clean');
  });
});
