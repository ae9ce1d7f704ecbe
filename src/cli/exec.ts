/** `hookpool exec`: runs one script in a sandbox and passes on its output and exit code. */
import { constants } from 'node:os';
import { azure } from '../agents/azure/dialect.ts';
import { readConfig } from '../config.ts';
import { InvalidInputError, SandboxError } from '../errors.ts';
import {
  defaultRunLimits,
  isolations,
  maxContextBytes,
  type RunResult,
  type Runtime,
  runtimes,
  stdoutTruncated,
} from '../protocol/run.ts';
import { kindOf } from '../protocol/sandbox-kind.ts';
import { parseScript } from '../protocol/script.ts';
import { openPool } from '../sandbox/open-pool.ts';
import { closePool } from './close-pool.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { poolOptions } from './pool-options.ts';
import { namesOf } from './profiles/read-profiles.ts';
import { readInput } from './read-input.ts';

const usage = `hookpool exec [--runtime bash|python3|node] [--timeout SECONDS] [--isolation tenant|job]
              [--profile NAME] SCRIPT [--stdin FILE|-]

Runs one script in a sandbox: no network, nothing writable but /tmp and /project. Prints what it prints (on a
terminal without control sequences) and exits with its exit code.

  --runtime NAME       default: what the script's first line says, else bash
  --timeout SECONDS    0.001 to 300; default 30
  --isolation KIND     tenant (default) or job
  --profile NAME       image and limits; default small
  --stdin FILE|-       what the script reads; default: nothing

Exit code: the script's; 124 timed out; 137 out of memory; 128 + n ended by signal n; 125 printed
without end; 64 bad usage; 70 a bug; 75 no engine.
`;

export const execCommand: Command = {
  usage,
  options: {
    runtime: { type: 'string' },
    timeout: { type: 'string' },
    isolation: { type: 'string' },
    profile: { type: 'string' },
    stdin: { type: 'string' },
  },
  run: runScript,
};

async function runScript(args: Arguments, io: Io): Promise<number> {
  const [file, ...rest] = args.positionals;
  if (file === undefined || rest.length > 0)
    throw new InvalidInputError('INVALID_USAGE', 'Name exactly one SCRIPT.');
  const config = readConfig();
  const timeout = args.number('timeout', 0.001, 300);
  const runtime = args.oneOf('runtime', runtimes);
  const isolation = args.oneOf('isolation', isolations) ?? config.isolation;
  const script = await readScript(file, io, runtime);
  const stdinFile = args.text('stdin');
  const stdin = stdinFile === undefined ? Buffer.alloc(0) : await readInput(stdinFile, io);
  if (stdin.length > maxContextBytes)
    throw new InvalidInputError(
      'TOO_LARGE',
      `stdin has ${stdin.length} bytes; ${maxContextBytes} are the most.`,
    );
  const limits = { ...defaultRunLimits, timeoutMs: Math.ceil((timeout ?? 30) * 1000) };
  const options = poolOptions(config);
  const profile = args.oneOf('profile', namesOf(options.profiles));
  const pool = openPool({ ...options, warm: 0 });
  try {
    const lease = await pool.acquire('exec', isolation, { kind: kindOf({ profile }) });
    try {
      return pass(await lease.run({ ...script, stdin, limits }), io);
    } finally {
      lease.release();
    }
  } finally {
    await closePool(pool, io);
  }
}

async function readScript(
  file: string,
  io: Io,
  runtime: Runtime | undefined,
): Promise<{ runtime: Runtime; script: Buffer }> {
  const bytes = await readInput(file, io);
  const parsed = parseScript(bytes.toString(), azure.maxScriptBytes);
  return { runtime: runtime ?? parsed.runtime, script: Buffer.from(parsed.source) };
}

function pass(run: RunResult, io: Io): number {
  io.outBytes(run.stdout);
  io.errBytes(run.stderr);
  if (stdoutTruncated(run))
    io.err(
      `hookpool: only ${run.stdout.length} of ${run.stdoutTotalBytes} bytes of output were kept\n`,
    );
  switch (run.status) {
    case 'exited':
      return run.exitCode ?? exitCodes.bug;
    case 'timed-out':
      io.err('hookpool: timed out\n');
      return 124;
    case 'out-of-memory':
      io.err('hookpool: out of memory\n');
      return 137;
    case 'output-limit':
      io.err('hookpool: ended because it printed without end\n');
      return 125;
    case 'signaled':
      io.err(`hookpool: ended by ${run.signal}\n`);
      return 128 + (constants.signals[run.signal as NodeJS.Signals] ?? 0);
    case 'cancelled':
    case 'lost':
      throw new SandboxError('SANDBOX_LOST', `The run is ${run.status}.`);
  }
}
