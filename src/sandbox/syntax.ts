/**
 * Syntax checks at registration, inside a sandbox: a bash script that does not parse ends with exit
 * code 2, which would be a block. The host never parses a script.
 */
import { emptyRun, type RunRequest, type Runtime } from '../protocol/run.ts';
import type { Script } from '../protocol/script.ts';
import type { LeaseSource } from './execute.ts';

const checkers: Readonly<Record<Runtime, string>> = {
  bash: 'bash -n /dev/stdin\n',
  python3: `import sys, warnings
warnings.simplefilter('ignore')
try:
    compile(sys.stdin.buffer.read(), 'script', 'exec', dont_inherit=True)
except (SyntaxError, ValueError) as error:
    print(f'line {getattr(error, "lineno", None) or 1}: {getattr(error, "msg", error)}', file=sys.stderr)
    raise SystemExit(2)
`,
};

const limits = { timeoutMs: 10_000, stdoutBytes: 4096, stderrBytes: 16_384 };
const tenant = 'hookpool-syntax-check';

/** undefined when the script parses; else what the interpreter says about it, with its line. */
export async function syntaxError(pool: LeaseSource, script: Script): Promise<string | undefined> {
  const request: RunRequest = {
    runtime: script.runtime,
    script: Buffer.from(checkers[script.runtime]),
    stdin: Buffer.from(script.source),
    limits,
  };
  const lease = await pool.acquire(tenant, 'tenant');
  let run = emptyRun('lost');
  try {
    run = await lease.run(request);
  } finally {
    lease.release();
  }
  if (run.status === 'exited' && run.exitCode === 0) return undefined;
  const said = Buffer.from(run.stderr).toString().replaceAll('/dev/stdin: ', '').trim().split('\n');
  return `${script.runtime} cannot parse the script: ${said.slice(0, 3).join('; ') || `the check ended as ${run.status}`}`;
}
