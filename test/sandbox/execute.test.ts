import { describe, expect, it } from 'vitest';
import { SandboxError } from '../../src/errors.ts';
import type { RunRequest } from '../../src/protocol/run.ts';
import { defaultKind } from '../../src/protocol/sandbox-kind.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Found } from '../../src/sandbox/workspace/workspaces.ts';
import { exited, sampleHook } from '../protocol/samples.ts';
import { sampleJob } from '../support/queue-job.ts';

const lacksOfProject = ['x.txt does not go along.'];
const missing = '/elsewhere is in no folder that --workspace allows.';

async function ran(found: Found | undefined) {
  const requests: RunRequest[] = [];
  const kinds: unknown[] = [];
  const pool = {
    acquire: async (_tenant: string, _isolation: string, options: { kind?: unknown } = {}) => {
      kinds.push(options.kind);
      return {
        waitMs: 0,
        warm: true,
        container: 'c',
        kind: defaultKind,
        run: async (request: RunRequest) => {
          requests.push(request);
          return exited(0);
        },
        release: () => undefined,
      };
    },
  };
  const asked: unknown[] = [];
  const workspaces = found && {
    find: async (cwd: string | undefined) => {
      asked.push(cwd);
      return found;
    },
  };
  const script = { runtime: 'bash', source: 'exit 0' } as const;
  const job = sampleJob({ hook: sampleHook({ script, lacksOfProject }), cwd: '/src/app/sub' });
  const result = await execute(pool, job, new AbortController().signal, workspaces);
  return {
    asked,
    kinds,
    source: Buffer.from(requests[0]?.script ?? []).toString(),
    said: result.diagnostics.map(({ message }) => message),
  };
}

describe('a hook', () => {
  it('in a workspace runs in a sandbox of its own kind, and lacks no file of the project', async () => {
    const place = { workspace: '/src/app', cwd: '/src/app/sub' };
    expect(await ran({ place, id: '1:2' })).toEqual({
      asked: ['/src/app/sub'],
      kinds: [{ ...defaultKind, workspace: '/src/app', workspaceId: '1:2' }],
      source: expect.stringMatching(
        /HOOKPOOL_WORKSPACE=\/src\/app .*cd -- \/src\/app\/sub \|\| exit; exit 0$/,
      ),
      said: [],
    });
  });

  it('outside of all workspaces runs without one, and tells why it lacks files', async () => {
    const end = { asked: ['/src/app/sub'], kinds: [defaultKind], source: 'exit 0' };
    expect(await ran({ missing })).toEqual({ ...end, said: [missing, ...lacksOfProject] });
  });

  it('runs as ever where no workspace is allowed', async () => {
    const end = { asked: [], kinds: [defaultKind], source: 'exit 0' };
    expect(await ran(undefined)).toEqual({ ...end, said: lacksOfProject });
  });
});

it.each([
  ['SANDBOX_LOST', 2],
  ['WORKSPACE_FAILED', 1],
] as const)('after %s a hook asks for %i sandboxes in all', async (code, times) => {
  let asked = 0;
  const acquire = async () => {
    asked++;
    throw new SandboxError(code, 'why');
  };
  const result = await execute({ acquire }, sampleJob(), new AbortController().signal);
  expect([result.cause, asked]).toEqual([{ kind: 'fail-mode', code, message: 'why' }, times]);
});
