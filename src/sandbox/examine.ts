/**
 * Is this machine fit to run hostile scripts? Asks the engine, then starts a sandbox and tries what
 * must fail: a limit that is only written into a spec is not yet a limit.
 */
import { messageOf } from '../errors.ts';
import { type RunRequest, type RunResult, stdoutTruncated } from '../protocol/run.ts';
import type { Engine, EngineInfo } from './engine.ts';
import type { Lease } from './lease.ts';
import type { Pool } from './pool.ts';
import type { Profile } from './spec.ts';

export type Level = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly name: string;
  readonly level: Level;
  readonly text: string;
  /** What to do about it; absent when all is well. */
  readonly fix?: string;
}

/** What the engine says. Empty of failures does not mean that limits hold: see probeLimits(). */
export async function examineEngine(engine: Engine, image: string, ociRuntime: string | undefined): Promise<Finding[]> {
  let info: EngineInfo;
  try {
    info = await engine.info();
  } catch (error) {
    return [finding('engine', 'fail', messageOf(error), 'Start the engine, or run deploy/setup/engine.sh.')];
  }
  const imageId = await engine.imageId(image);
  const runtime = ociRuntime ?? info.defaultRuntime;
  const seccomp = info.securityOptions.some((option) => option.includes('seccomp'));
  return [
    finding('engine', 'ok', `${info.version} (API ${info.apiVersion}) on ${info.operatingSystem}`),
    finding('cgroup', 'ok', `version ${info.cgroupVersion}`),
    judge('seccomp', seccomp, 'supported', 'not supported', 'Use a kernel and an engine with seccomp.'),
    judge('image', imageId !== undefined, image, `${image} is missing`, 'Run `make image`.'),
    judge(
      'runtime',
      info.runtimes.includes(runtime),
      `${runtime} of ${info.runtimes.join(', ')}`,
      `${runtime} is not registered`,
      'Register it in daemon.json and restart the engine.',
    ),
    judge(
      'engine limits',
      info.memoryLimit && info.pidsLimit,
      'memory, pids',
      'the engine cannot limit memory or pids',
      'Delegate the memory and pids controllers to the engine.',
    ),
    info.swapLimit
      ? finding('swap', 'ok', 'limited')
      : finding('swap', 'warn', 'swap cannot be limited', 'Boot with swapaccount=1, or run without swap.'),
  ];
}

export interface Probe {
  readonly name: string;
  readonly script: string;
  readonly timeoutMs?: number;
  readonly holds: (run: RunResult) => boolean;
  readonly shown: string;
  readonly fix: string;
}

const mib = 1 << 20;
/** A busy machine fills memory this slowly. */
const slowestMsPerMiB = 10;

const printed = (text: string) => (run: RunResult) => Buffer.from(run.stdout).toString().trim() === text;

/** What holds for any profile. */
const fixedProbes: readonly Probe[] = [
  {
    name: 'user',
    script: `import os
status = dict(line.split(':', 1) for line in open('/proc/self/status'))
caps = [int(status[name], 16) for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')]
print('ok' if os.getuid() > 0 and not any(caps) and status['NoNewPrivs'].strip() == '1' and not os.getgroups() else 'bad')`,
    holds: printed('ok'),
    shown: 'unprivileged, no capabilities, no new privileges',
    fix: 'The engine ignores users or capabilities: use a current Docker or Podman.',
  },
  {
    name: 'seccomp filter',
    script: `import ctypes
libc = ctypes.CDLL(None, use_errno=True)
refused = lambda result: result == -1 and ctypes.get_errno() == 1
print('ok' if refused(libc.unshare(0x10000000)) and refused(libc.ptrace(0, 0, 0, 0)) else 'bad')`,
    holds: printed('ok'),
    shown: 'our profile is in force',
    fix: 'The engine ignores seccomp profiles: see docs/security.md.',
  },
  {
    name: 'network',
    script: `import os, socket
def refused(family):
    try: socket.socket(family, socket.SOCK_STREAM).close()
    except OSError: return True
    return False
print('ok' if os.listdir('/sys/class/net') == ['lo'] and refused(socket.AF_INET) and refused(socket.AF_INET6) else 'bad')`,
    holds: printed('ok'),
    shown: 'none',
    fix: 'The engine ignores NetworkMode none.',
  },
  {
    name: 'file system',
    script: `import os
bad = [path for path in ('/', '/etc', '/job', '/opt/hookpool', '/usr/bin', '/var/tmp', '/run') if os.access(path, os.W_OK)]
print('ok' if not bad and os.access('/tmp', os.W_OK) else bad)`,
    holds: printed('ok'),
    shown: 'read-only but for /tmp',
    fix: 'The engine ignores ReadonlyRootfs.',
  },
  {
    name: 'timeout',
    script: 'import time\ntime.sleep(30)',
    timeoutMs: 500,
    holds: (run) => run.status === 'timed-out' && run.wallMs < 1000,
    shown: 'kept to the millisecond range',
    fix: 'The machine is overloaded, or the engine stalls.',
  },
  {
    name: 'output',
    script: "import sys\nwhile True: sys.stdout.write('x' * 65536)",
    holds: (run) => run.status === 'output-limit' && stdoutTruncated(run),
    shown: 'capped',
    fix: 'This is a bug: please report it.',
  },
];

/** The limits that a profile names, each tried beyond its size. */
export function profileProbes({ memoryBytes, pids, scratchBytes }: Profile): readonly Probe[] {
  const memoryMiB = Math.ceil(memoryBytes / mib);
  const scratchMiB = Math.ceil(scratchBytes / mib);
  return [
    {
      name: 'scratch size',
      script: `try:
    with open('/tmp/full', 'wb') as file:
        for _ in range(${scratchMiB + 1}): file.write(bytes(1 << 20))
    print('bad')
except OSError: print('ok')`,
      holds: printed('ok'),
      shown: `${scratchMiB} MiB`,
      fix: 'The engine ignores the size of tmpfs mounts.',
    },
    {
      name: 'processes',
      script: `import os, time
count = 0
try:
    while count < ${pids + 500}:
        if os.fork() == 0: time.sleep(5); os._exit(0)
        count += 1
except OSError: pass
print('ok' if count < ${pids} else count)`,
      holds: printed('ok'),
      shown: `${pids} at the most`,
      fix: 'Give the engine the pids cgroup controller.',
    },
    {
      name: 'memory',
      script: `blocks = [b'x' * (1 << 20) for _ in range(${memoryMiB + 64})]\nprint('bad')`,
      timeoutMs: 10_000 + memoryMiB * slowestMsPerMiB,
      holds: (run) => run.status === 'out-of-memory',
      shown: `${memoryMiB} MiB, and an OOM kill is told apart`,
      fix: 'Give the engine the memory cgroup controller.',
    },
  ];
}

/** Tries every limit of `profile` in real sandboxes, each in one of its own. The pool's sandboxes must have that profile. */
export async function probeLimits(pool: Pool, profile: Profile): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const probe of [...fixedProbes, ...profileProbes(profile)]) findings.push(await tryProbe(pool, probe));
  return findings;
}

async function tryProbe(pool: Pool, probe: Probe): Promise<Finding> {
  const limits = { timeoutMs: probe.timeoutMs ?? 10_000, stdoutBytes: 4096, stderrBytes: 4096 };
  const request: RunRequest = { runtime: 'python3', script: Buffer.from(probe.script), stdin: Buffer.alloc(0), limits };
  let lease: Lease | undefined;
  try {
    lease = await pool.acquire('doctor', 'job');
    const run = await lease.run(request);
    const said = `${run.status}: ${Buffer.concat([run.stdout, run.stderr]).toString().trim().slice(0, 200)}`;
    return judge(probe.name, probe.holds(run), probe.shown, `does not hold (${said})`, probe.fix);
  } catch (error) {
    return finding(probe.name, 'fail', messageOf(error), 'No sandbox came up: see the lines above.');
  } finally {
    lease?.release();
  }
}

function judge(name: string, holds: boolean, good: string, bad: string, fix: string): Finding {
  return holds ? finding(name, 'ok', good) : finding(name, 'fail', bad, fix);
}

function finding(name: string, level: Level, text: string, fix?: string): Finding {
  return { name, level, text, ...(fix === undefined ? {} : { fix }) };
}
