/** Short ways to write down a hook, a run and bytes. */
import type { Hook } from '../../src/protocol/hook.ts';
import { emptyRun, type RunResult } from '../../src/protocol/run.ts';

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A hook of the agent tier that matches every tool. */
export function sampleHook(over: Partial<Hook> = {}): Hook {
  return {
    name: 'guard',
    event: 'PreToolUse',
    tier: 'agent',
    script: { runtime: 'bash', source: 'exit 0' },
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
export function exited(exitCode: number | null, stdout: string | Uint8Array = '', stderr: string | Uint8Array = ''): RunResult {
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
