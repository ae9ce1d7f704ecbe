/** What a sandbox of a workspace comes to, and whose fault it is when there is none. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { SandboxError, UnavailableError } from '../../../src/errors.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { createInWorkspace } from '../../../src/sandbox/workspace/create.ts';
import { Workspaces } from '../../../src/sandbox/workspace/workspaces.ts';
import { workspaceFolder } from '../../support/workspace-folder.ts';

const made = workspaceFolder();
const app = made.folder('app');
const workspaces = new Workspaces([app]);
afterAll(() => made.remove());

const refusedWith = (code: 'CREATE_FAILED' | 'START_FAILED', text: string) => () =>
  Promise.reject(new SandboxError(code, `The container engine refused: ${text}`));
const neverCreated = () => expect.unreachable() as Promise<Sandbox>;

async function codeOf(
  create: () => Promise<Sandbox>,
  { path = app, id, known = workspaces }: { path?: string; id?: string; known?: Workspaces } = {},
): Promise<string> {
  const settings = { workspaces: known, gvisor: false, id };
  return createInWorkspace(create, path, settings).then(
    () => 'created',
    (error) => error.code,
  );
}

describe('the workspace is to blame', () => {
  it('where it is none, is gone, or is another one than the event named', async () => {
    const missing = createInWorkspace(neverCreated, app, { workspaces: undefined, gvisor: false });
    await expect(missing).rejects.toMatchObject({ code: 'WORKSPACE_FAILED' });
    expect(await codeOf(neverCreated, { path: `${app}/gone` })).toBe('WORKSPACE_FAILED');
    expect(await codeOf(neverCreated, { id: '1:2' })).toBe('WORKSPACE_FAILED');
  });

  it.each([
    ['CREATE_FAILED', `bind source path does not exist: ${app}`],
    ['START_FAILED', `error mounting "${app}" to rootfs at "${app}": permission denied`],
    ['CREATE_FAILED', 'HostConfig.Mounts of the container spec is not permitted'],
  ] as const)('where the engine answers %s and names its folder or mount', async (code, text) => {
    expect(await codeOf(refusedWith(code, text))).toBe('WORKSPACE_FAILED');
  });

  it('where it was taken away or replaced while the engine failed, whatever the engine says', async () => {
    const meanwhile = (change: () => void) => () => {
      change();
      return refusedWith('START_FAILED', 'no such file')();
    };
    const replaced = meanwhile(() => {
      renameSync(app, `${app}-old`);
      mkdirSync(app);
    });
    expect(await codeOf(replaced)).toBe('WORKSPACE_FAILED');
    expect(await codeOf(meanwhile(() => rmSync(app, { recursive: true })))).toBe(
      'WORKSPACE_FAILED',
    );
    made.folder('app');
  });

  it('where the sandbox sees another folder, and is destroyed', async () => {
    let destroyed = 0;
    const stdout = Buffer.from('["0", "0", "0", ["ro"]]');
    const sandbox = {
      run: async () => ({ status: 'exited', exitCode: 0, stdout, stderr: Buffer.alloc(0) }),
      destroy: async () => void destroyed++,
    } as unknown as Sandbox;
    expect([await codeOf(async () => sandbox), destroyed]).toEqual(['WORKSPACE_FAILED', 1]);
  });
});

describe('the engine is to blame', () => {
  it.each([
    ['CREATE_FAILED', 'no space left on device'],
    ['START_FAILED', 'cgroup: too many'],
    ['CREATE_FAILED', `open /var/lib${app}/x: no space left on device`],
  ] as const)('where it answers %s without the folder: %s', async (code, text) => {
    expect(await codeOf(refusedWith(code, text))).toBe(code);
  });

  it('where it does not answer', async () => {
    const down = () => Promise.reject(new UnavailableError('ENGINE_DOWN', `no engine for ${app}`));
    expect(await codeOf(down)).toBe('ENGINE_DOWN');
  });
});
