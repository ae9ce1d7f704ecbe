/** Short ways to write down a hook, a run and bytes. */
import type { CommandAction } from '../../src/protocol/action.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { emptyRun, type RunResult } from '../../src/protocol/run.ts';
import type { Script } from '../../src/protocol/script.ts';

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What a test changes about a sample; `script` is that of its command. */
export interface HookChanges extends Partial<Omit<Hook, 'action'>> {
  readonly script?: Script;
}

/** A hook that needs a model. */
export function modelHook(over: Partial<Hook> = {}): Hook {
  return {
    ...sampleHook(),
    action: {
      kind: 'unsupported',
      type: 'prompt',
      reason: 'It needs a model.',
      settings: { prompt: 'Good?' },
    },
    ...over,
  };
}

/** A command of the agent tier that matches every tool. */
export function sampleHook({
  script = { runtime: 'bash', source: 'exit 0' },
  ...over
}: HookChanges = {}): Hook<CommandAction> {
  return {
    name: 'guard',
    event: 'PreToolUse',
    tier: 'agent',
    action: { kind: 'command', script },
    matcher: '*',
    matches: () => true,
    timeoutMs: 30_000,
    failMode: 'allow',
    sources: undefined,
    activation: 'always',
    ...over,
  };
}

/** A run whose main process exited, with all of its output kept. */
export function exited(
  exitCode: number | null,
  stdout: string | Uint8Array = '',
  stderr: string | Uint8Array = '',
): RunResult {
  const out = typeof stdout === 'string' ? bytes(stdout) : stdout;
  const err = typeof stderr === 'string' ? bytes(stderr) : stderr;
  return {
    ...emptyRun('exited', 5),
    exitCode,
    stdout: out,
    stderr: err,
    stdoutTotalBytes: out.length,
    stderrTotalBytes: err.length,
  };
}

export function codesOf(diagnostics: readonly { readonly code: string }[]): string[] {
  return diagnostics.map((one) => one.code);
}
