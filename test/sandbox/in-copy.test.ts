/** The second run of a hook that failed because it wrote into its workspace. */
import { describe, expect, it } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { SandboxError, UnavailableError } from '../../src/errors.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { RunRequest, RunResult } from '../../src/protocol/run.ts';
import { defaultKind } from '../../src/protocol/sandbox-kind.ts';
import { execute } from '../../src/sandbox/execute.ts';
import { exited, sampleHook } from '../protocol/samples.ts';
import { sampleJob } from '../support/queue-job.ts';

const readOnly = "mkdir: cannot create directory '/src/app/logs': Read-only file system\n";
const failed = exited(1, '', readOnly);
const blocks = exited(2, '', 'no');
const place = { place: { workspace: '/src/app', cwd: '/src/app/sub' }, id: '1:2' };

async function ran(
  runs: readonly (RunResult | Error)[],
  more: Partial<Hook> = {},
  found: object = place,
) {
  const requests: RunRequest[] = [];
  const pool = {
    acquire: async () => ({
      waitMs: 1,
      warm: true,
      container: 'c',
      kind: defaultKind,
      run: async (request: RunRequest) => {
        requests.push(request);
        const run = runs[requests.length - 1] ?? exited(0);
        if (run instanceof Error) throw run;
        return run;
      },
      release: () => undefined,
    }),
  };
  const workspaces = { find: async () => found as typeof place };
  const script = { runtime: 'bash', source: 'look' } as const;
  const hook = { ...sampleHook({ script, timeoutMs: 1000 }), ...more } as ReturnType<
    typeof sampleHook
  >;
  const job = sampleJob({ dialect: findDialect('claude-code'), hook, cwd: '/src/app/sub' });
  const result = await execute(pool, job, new AbortController().signal, workspaces);
  const { decision, cause, durations } = result;
  const said = result.diagnostics.map(({ code }) => code);
  const sources = requests.map(({ script: text }) => Buffer.from(text).toString());
  return { decision, cause, durations, said, sources, limits: requests.map((one) => one.limits) };
}

describe('a hook that failed on a write into its workspace', () => {
  it('runs again with the copy of its files as the project, in the rest of its time', async () => {
    const { decision, said, sources, limits, durations } = await ran([failed, blocks]);
    expect([decision, said]).toEqual(['block', ['ran-in-copy']]);
    expect(sources[0]).toContain('HOOKPOOL_WORKSPACE=/src/app');
    expect(sources[1]).toMatch(/^export GIT_OPTIONAL_LOCKS=0 .*safe\.directory.*; look$/);
    expect(sources[1]).not.toContain('HOOKPOOL');
    expect(limits.map(({ timeoutMs }) => timeoutMs)).toEqual([1000, 995]);
    expect(durations).toMatchObject({ leaseMs: 2, runMs: 10 });
  });

  it('runs again where it ended with exit code 0 and said nothing', async () => {
    for (const output of ['', '{"continue":true}']) {
      const { decision, sources } = await ran([exited(0, output, readOnly), blocks]);
      expect([decision, sources.length]).toEqual(['block', 2]);
    }
    const { decision, said } = await ran([exited(0, '', readOnly), exited(0)]);
    expect([decision, said]).toEqual(['none', ['ran-in-copy']]);
  });

  it('keeps its failure where the second run gives none of the decisions block, ask and none', async () => {
    const allow =
      '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow"}}';
    const change =
      '{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":{"command":"x"}}}';
    for (const second of [exited(1), exited(0, allow), exited(0, change), failed]) {
      const { decision, cause, said, sources } = await ran([failed, second]);
      expect(sources).toHaveLength(2);
      expect([decision, said]).toEqual(['none', expect.arrayContaining(['read-only'])]);
      expect([cause.kind, said]).toEqual([
        'fail-mode',
        expect.not.arrayContaining(['ran-in-copy']),
      ]);
    }
  });

  it('counts as one that breaks its sandbox where its second run does', async () => {
    const lost = new SandboxError('SANDBOX_LOST', 'gone');
    const { decision, cause } = await ran([failed, lost, lost]);
    expect([decision, cause]).toMatchObject(['none', { kind: 'fail-mode', code: 'SANDBOX_LOST' }]);
    const none = new UnavailableError('POOL_EXHAUSTED', 'none');
    expect(await ran([failed, none])).toMatchObject({ cause: { code: 'HOOK_EXIT_CODE' } });
  });

  it.each<[string, readonly RunResult[], Partial<Hook>?, object?]>([
    ['that must not fail open', [failed], { failMode: 'block' }],
    ['without a workspace', [failed], {}, { missing: 'x' }],
    ['that failed otherwise', [exited(1, '', 'no')]],
    ['that decided all the same', [exited(2, '', readOnly)]],
    ['that said something all the same', [exited(0, '{"systemMessage":"x"}', readOnly)]],
    ['without time for it', [{ ...failed, wallMs: 995 }]],
  ])('%s runs once', async (_, runs, more, found) => {
    expect((await ran(runs, more, found)).sources).toHaveLength(1);
  });
});
