import { expect, it } from 'vitest';
import { defaultRunLimits, type RunRequest } from '../../src/protocol/run.ts';
import { defaultKind } from '../../src/protocol/sandbox-kind.ts';
import { runInProject } from '../../src/sandbox/run-in-project.ts';
import type { Found } from '../../src/sandbox/workspace/workspaces.ts';
import { exited } from '../protocol/samples.ts';

async function ran(found: Found | undefined, cwd: string | undefined) {
  const seen: { kind: unknown; source: string }[] = [];
  const pool = {
    acquire: async (_tenant: string, _isolation: string, { kind }: { kind?: unknown } = {}) => ({
      ...{ waitMs: 0, warm: true, container: 'c', kind: defaultKind, release: () => undefined },
      run: async ({ script }: RunRequest) => {
        seen.push({ kind, source: Buffer.from(script).toString() });
        return exited(0);
      },
    }),
  };
  const workspaces = found && { find: async () => found };
  const request: RunRequest = {
    ...{ runtime: 'bash', script: Buffer.from('exit 0'), stdin: Buffer.from('') },
    limits: defaultRunLimits,
  };
  const script = { tenant: 'a', isolation: 'tenant' as const, cwd, request };
  const { signal } = new AbortController();
  const code = await runInProject(pool, script, signal, workspaces).then(
    () => undefined,
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );
  return { code, seen };
}

const place = { workspace: '/src/app', cwd: '/src/app/sub' };

it('a script with a folder starts there, in a sandbox that can read its project', async () => {
  expect(await ran({ place, id: '1:2' }, '/src/app/sub')).toEqual({
    code: undefined,
    seen: [
      {
        kind: { ...defaultKind, workspace: '/src/app', workspaceId: '1:2' },
        source: expect.stringMatching(/cd -- \/src\/app\/sub \|\| exit; exit 0$/),
      },
    ],
  });
});

it('a script without a folder reads no project', async () => {
  expect(await ran({ place, id: '1:2' }, undefined)).toEqual({
    code: undefined,
    seen: [{ kind: undefined, source: 'exit 0' }],
  });
});

it.each([
  ['none of those that may be read', { missing: '/x is no workspace.' }, '/x is no workspace.'],
  ['named where none may be read', undefined, '--workspace names them'],
])('a script whose folder is %s does not run', async (_, found, told) => {
  const { code, seen } = await ran(found, '/x');
  expect(code).toMatch(/^WORKSPACE_FAILED: /);
  expect(code).toContain(told);
  expect(seen).toEqual([]);
});
