/** `hookpool worker`: takes jobs from the queue and runs them on this machine's engine. */
import { readConfig } from '../config.ts';
import { InvalidInputError } from '../errors.ts';
import { openWorker } from '../queue/worker.ts';
import { Engine } from '../sandbox/engine.ts';
import { examineEngine, type Finding, probeLimits } from '../sandbox/examine.ts';
import { execute } from '../sandbox/execute.ts';
import { openPool } from '../sandbox/open-pool.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { poolOptions } from './pool-options.ts';

const usage = `hookpool worker [--concurrency N] [--allow-weak-limits]

Takes jobs from the queue (HOOKPOOL_REDIS_URL) and runs them in sandboxes, until it is told to stop.
Tries every limit first, and does not start where one does not hold.

  --concurrency N       jobs at once; default: HOOKPOOL_MAX
  --tenant-cap N        jobs of one tenant at once; default: one less than --concurrency
  --allow-weak-limits   start although a limit does not hold

On SIGTERM or SIGINT it takes no more jobs, finishes the running ones, removes its containers and
exits with 0; a second signal ends it at once. Exit code 75: not fit to run hooks.
`;

export const workerCommand: Command = {
  usage,
  options: {
    concurrency: { type: 'string' },
    'tenant-cap': { type: 'string' },
    'allow-weak-limits': { type: 'boolean' },
  },
  run: work,
};

/** Errors repeat while Redis is away: each text is printed at most once in this time. */
const repeatErrorMs = 10_000;

async function work(args: Arguments, io: Io): Promise<number> {
  if (args.positionals.length > 0) throw new InvalidInputError('INVALID_USAGE', `Unexpected argument "${args.positionals[0]}".`);
  const config = readConfig();
  const concurrency = Math.floor(args.number('concurrency', 1, config.max) ?? config.max);
  const tenantCap = Math.floor(args.number('tenant-cap', 1, concurrency) ?? Math.max(1, concurrency - 1));
  const stop = io.stopSignal();
  const engine = new Engine();
  const options = poolOptions(config);
  const findings = await examineEngine(engine, options.image, options.ociRuntime);
  const pool = openPool({ ...options, engine });
  try {
    if (!fails(findings)) findings.push(...(await probeLimits(pool, options.profile)));
    io.err(inShort(findings));
    if (fails(findings) && !args.flag('allow-weak-limits')) return exitCodes.unavailable;
    if (stop.aborted) return exitCodes.ok;
    const worker = openWorker({
      redis: config.redis,
      queue: config.queue,
      concurrency,
      tenantCap,
      execute: (job, signal) => execute(pool, job, signal),
      onError: printOnce(io),
    });
    io.err(`hookpool: worker ${worker.name} takes up to ${concurrency} jobs at once from queue ${config.queue}\n`);
    await untilAborted(stop);
    io.err(`hookpool: finishing ${worker.stats().running} running jobs\n`);
    await worker.close();
  } finally {
    await pool.drain();
  }
  return exitCodes.ok;
}

function fails(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.level === 'fail');
}

/** One line for what holds, one for each thing that does not. */
export function inShort(findings: readonly Finding[]): string {
  const good = findings.filter(({ level }) => level === 'ok').map(({ name }) => name);
  const bad = findings.filter(({ level }) => level !== 'ok');
  const lines = bad.map(
    ({ level, name, text, fix }) => `hookpool: ${level} ${name}: ${[text, fix].filter(Boolean).join('. ')}\n`,
  );
  return `hookpool: ok ${good.join(', ')}\n${lines.join('')}`;
}

function printOnce(io: Io): (error: Error) => void {
  const printedAt = new Map<string, number>();
  return ({ message }) => {
    const now = performance.now();
    for (const [text, at] of printedAt) if (now - at > repeatErrorMs) printedAt.delete(text);
    if (printedAt.has(message)) return;
    printedAt.set(message, now);
    io.err(`hookpool: ${message}\n`);
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
