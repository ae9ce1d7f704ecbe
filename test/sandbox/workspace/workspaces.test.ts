import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Workspaces } from '../../../src/sandbox/workspace/workspaces.ts';
import { workspaceFolder } from '../../support/workspace-folder.ts';

const made = workspaceFolder();
const app = made.folder('roots/app');
const sub = made.folder('roots/app/sub/ünï code');
made.folder('roots/application');
const outside = made.folder('outside');
const each = made.folder('each');
const one = made.folder('each/one/src');
made.file('each/file', '');
made.file('roots/app/file', '');
symlinkSync(app, `${made.path}/way-in`);
symlinkSync(outside, `${app}/way-out`);
symlinkSync(outside, `${each}/way-out`);
symlinkSync(`${app}/loop`, `${app}/loop`);
afterAll(() => made.remove());

const workspaces = new Workspaces([app, `${each}/*`]);

describe('the workspace of an event', () => {
  it.each([
    [app, app, app],
    [`${app}/`, app, app],
    [sub, app, sub],
    [`${sub}/..//./`, app, `${app}/sub`],
    [`${made.path}/way-in/sub`, app, `${app}/sub`],
    [`${outside}/../roots/app`, app, app],
    [one, `${each}/one`, one],
    [`${each}/one`, `${each}/one`, `${each}/one`],
  ])('of %s is the root that holds it', async (folder, workspace, cwd) => {
    expect(await workspaces.find(folder)).toMatchObject({ place: { workspace, cwd } });
  });

  it.each([
    `${app}lication`,
    `${app}/..`,
    `${app}/way-out`,
    `${each}/way-out`,
    each,
    `${app}/loop`,
    `${app}/file`,
    `${each}/file`,
    `${app}/none`,
    app.toUpperCase(),
    app.slice(1),
    `.${app}`,
    `~${app}`,
    `${app}\0`,
    `${app}\ud800`,
    `/${'a/'.repeat(3000)}`,
    '/',
    '/etc',
    '/etc/none',
  ])('there is none for %j, and nothing tells whether it exists', async (folder) => {
    const { missing } = (await workspaces.find(folder)) as { missing: string };
    expect(missing).toBe(
      `${folder.length > 100 ? `${folder.slice(0, 100)}…` : folder} is in no folder that --workspace allows.`,
    );
  });

  it('there is none for an event without a folder', async () => {
    const missing = 'The event names no folder in which the agent works.';
    expect(await workspaces.find(undefined)).toEqual({ missing });
    expect(await workspaces.find('')).toEqual({ missing });
  });

  it('there is none that other users cannot enter', async () => {
    chmodSync(`${each}/one`, 0o750);
    const found = await workspaces.find(one);
    chmodSync(`${each}/one`, 0o755);
    expect(found).toEqual({ missing: expect.stringContaining('chmod o+rx lets it in') });
  });

  it('is the innermost of several roots', async () => {
    const nested = new Workspaces([made.path, app]);
    expect(await nested.find(sub)).toMatchObject({ place: { workspace: app, cwd: sub } });
    expect(await nested.find(outside)).toMatchObject({
      place: { workspace: made.path, cwd: outside },
    });
    expect(nested.roots.map(({ path }) => path)).toEqual([app, made.path]);
  });
});

it('a path is a workspace letter by letter', async () => {
  expect(await Promise.all([app, `${each}/one`].map((path) => workspaces.has(path)))).toEqual([
    true,
    true,
  ]);
  const others = [sub, `${app}/`, each, `${each}/none`, `${each}/way-out`, `${each}/file`, '', '/'];
  expect(await Promise.all(others.map((path) => workspaces.has(path)))).toEqual(
    others.map(() => false),
  );
});

describe('a held workspace', () => {
  it('tells what the folder is', async () => {
    const held = await workspaces.hold(app);
    const { dev, ino, ctimeNs } = await stat(app, { bigint: true });
    expect(held).toMatchObject({ device: dev, inode: ino, changedNs: ctimeNs });
    await held.close();
  });

  it('is none where a link took its place', async () => {
    const two = `${each}/two`;
    mkdirSync(two);
    const held = await workspaces.hold(two);
    await held.close();
    renameSync(two, `${each}/old`);
    symlinkSync(outside, two);
    await expect(workspaces.hold(two)).rejects.toMatchObject({
      code: 'WORKSPACE_FAILED',
      message: `${two} is no workspace any more.`,
    });
    rmSync(two);
    await expect(workspaces.hold(two)).rejects.toMatchObject({ code: 'WORKSPACE_FAILED' });
  });
});
