/** Workspaces behind the engine proxy: it mounts its own folders and no others. */
import { afterAll, describe, expect, test } from 'vitest';
import { defaultProfile } from '../../src/protocol/sandbox-kind.ts';
import { Workspaces } from '../../src/sandbox/workspace/workspaces.ts';
import { runScript, stdoutOf } from '../support/script.ts';
import { workspaceFolder } from '../support/workspace-folder.ts';
import { useProxy } from './proxy-rig.ts';

const made = workspaceFolder();
const app = made.folder('app');
const other = made.folder('other');
made.file('app/note.txt', 'note');
afterAll(() => made.remove());

const rig = useProxy(new Workspaces([app]));
const kindOf = (workspace: string) => ({ profile: defaultProfile, workspace });

describe('a worker behind a proxy', () => {
  test('reads the workspaces that both have', async () => {
    const pool = rig.pool({ workspaces: new Workspaces([app]) });
    const run = await runScript(pool, 'bash', `cat ${app}/note.txt`, { kind: kindOf(app) });
    expect(stdoutOf(run)).toBe('note');
    expect(rig.refused).toEqual([]);
  });

  test.each([
    ['that the proxy does not have', other],
    ['inside of one', app],
    ['around one', made.path],
  ])('gets no folder %s, and the engine hears nothing of it', async (which, folder) => {
    const asked = which === 'inside of one' ? made.folder('app/inner') : folder;
    const pool = rig.pool({ workspaces: new Workspaces([asked]) });
    const kind = kindOf(asked);
    await expect(pool.acquire('default', 'tenant', { kind })).rejects.toMatchObject({
      code: 'WORKSPACE_FAILED',
      message: expect.stringContaining('HostConfig.Mounts of the container spec'),
    });
    expect(rig.relay.asked.join()).not.toContain('create');
  });
});
