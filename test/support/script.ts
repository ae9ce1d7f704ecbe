/** Helpers that run a script in a pool and read its result. */
import { type Bundle, createBundle } from '../../src/protocol/bundle.ts';
import {
  defaultRunLimits,
  type Isolation,
  type RunLimits,
  type RunResult,
  type Runtime,
} from '../../src/protocol/run.ts';
import type { SandboxKind } from '../../src/protocol/sandbox-kind.ts';
import type { Pool } from '../../src/sandbox/pool.ts';

export interface ScriptOptions {
  readonly stdin?: string | Buffer;
  readonly transcript?: string;
  readonly bundle?: Bundle;
  readonly state?: Uint8Array;
  readonly limits?: Partial<RunLimits>;
  readonly tenant?: string;
  readonly isolation?: Isolation;
  readonly kind?: SandboxKind;
  readonly signal?: AbortSignal;
}

export async function runScript(
  pool: Pool,
  runtime: Runtime,
  script: string | Buffer,
  options: ScriptOptions = {},
): Promise<RunResult> {
  const { tenant = 'test', isolation = 'tenant', kind } = options;
  const lease = await pool.acquire(tenant, isolation, { kind });
  try {
    return await lease.run(
      {
        runtime,
        script: Buffer.from(script),
        stdin: Buffer.from(options.stdin ?? ''),
        transcript: options.transcript === undefined ? undefined : Buffer.from(options.transcript),
        bundle: options.bundle,
        state: options.state,
        limits: { ...defaultRunLimits, timeoutMs: 10_000, ...options.limits },
      },
      options.signal,
    );
  } finally {
    lease.release();
  }
}

/** A bundle of files by path; those that end in `.sh` or `.py` are executable. */
export function bundleOf(files: Readonly<Record<string, string>>): Bundle {
  const entries = Object.entries(files);
  return createBundle(
    entries.map(([path, text]) => ({
      path,
      executable: /\.(?:sh|py)$/.test(path),
      content: Buffer.from(text),
    })),
  );
}

export function stdoutOf(run: RunResult): string {
  return Buffer.from(run.stdout).toString();
}

export function stderrOf(run: RunResult): string {
  return Buffer.from(run.stderr).toString();
}
