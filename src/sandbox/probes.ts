/**
 * Scripts that try to exceed the limits of a sandbox, and how the result shows that a limit holds.
 */
import { type RunResult, stdoutTruncated } from '../protocol/run.ts';
import type { SandboxLimits } from './spec.ts';

export interface Probe {
  readonly name: string;
  readonly script: string;
  readonly timeoutMs?: number;
  readonly holds: (run: RunResult) => boolean;
  /** Whether the limit also holds when the whole sandbox ends. */
  readonly mayEndSandbox?: boolean;
  /** Level of the finding when the limit does not hold; default: `fail`. */
  readonly level?: 'warn';
  readonly shown: string;
  readonly fix: string;
}

const mib = 1 << 20;
/** Time that a busy machine needs to fill memory. */
const slowestMsPerMiB = 10;

const printed = (text: string) => (run: RunResult) =>
  Buffer.from(run.stdout).toString().trim() === text;

/** Probes for any limits, under any runtime. */
const commonProbes: readonly Probe[] = [
  {
    name: 'user',
    script: `import ctypes, os
status = dict(line.split(':', 1) for line in open('/proc/self/status'))
caps = [int(status.get(name, '0'), 16) for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')]
get_no_new_privs = 39
no_new_privs = ctypes.CDLL(None).prctl(get_no_new_privs, 0, 0, 0, 0) == 1
print('ok' if os.getuid() > 0 and not any(caps) and no_new_privs and not os.getgroups() else 'bad')`,
    holds: printed('ok'),
    shown: 'unprivileged, no capabilities, no new privileges',
    fix: 'The engine ignores users or capabilities: use a current Docker or Podman.',
  },
  {
    name: 'file system',
    script: `import os
bad = [path for path in ('/', '/etc', '/job', '/opt/hookpool', '/usr/bin', '/var/tmp', '/run') if os.access(path, os.W_OK)]
print('ok' if not bad and os.access('/tmp', os.W_OK) else bad)`,
    holds: printed('ok'),
    shown: 'read-only but for /tmp and /project',
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

/** For runtimes whose sandboxes share the host's kernel, which the seccomp filter protects. */
const linuxProbes: readonly Probe[] = [
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
    name: 'terminals',
    script: `import os
try: os.openpty(); print('bad')
except OSError: print('ok')`,
    holds: printed('ok'),
    shown: 'none of the 4,096 of the host',
    fix: 'The engine ignores MaskedPaths.',
  },
  {
    name: 'core limit',
    script:
      "import resource\nprint('ok' if resource.getrlimit(resource.RLIMIT_CORE) == (1, 1) else 'bad')",
    holds: printed('ok'),
    shown: 'a crash of a job is handed to nobody',
    fix: 'The engine ignores Ulimits.',
  },
  {
    name: 'core pattern',
    script: `pattern = open('/proc/sys/kernel/core_pattern').read().strip()
print('ok' if pattern[:1] not in ('|', '@') else pattern)`,
    holds: printed('ok'),
    level: 'warn',
    shown: 'a crash starts no program of the host',
    fix: 'Only the core limit keeps jobs from that program: `sysctl kernel.core_pattern=core` ends the question.',
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
];

/**
 * For gVisor, which gives each sandbox its own kernel: filters are not loaded into it, and its
 * sockets lead nowhere.
 */
const gvisorProbes: readonly Probe[] = [
  {
    name: 'kernel',
    script:
      "import os\nprint('ok' if '2016' in os.uname().version or 'gvisor' in os.uname().release else os.uname())",
    holds: printed('ok'),
    shown: 'gVisor',
    fix: 'The engine calls something else runsc: correct its path in daemon.json.',
  },
  {
    name: 'network',
    script: `import socket
def refused(address):
    try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect((address, 53))
    except OSError: return True
    return False
print('ok' if all(map(refused, ('192.0.2.1', '169.254.169.254', '172.17.0.1', '10.0.0.1'))) else 'bad')`,
    holds: printed('ok'),
    shown: 'none',
    fix: 'Register runsc with --network=none.',
  },
];

/** Probes of limits; each script exceeds one of them. */
export function limitProbes(
  { memoryBytes, pids, scratchBytes }: SandboxLimits,
  gvisor = false,
): readonly Probe[] {
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
      mayEndSandbox: gvisor,
      shown: gvisor ? 'too many end the sandbox' : `${pids} at the most`,
      fix: 'Give the engine the pids cgroup controller.',
    },
    {
      name: 'memory',
      script: `blocks = [b'x' * (1 << 20) for _ in range(${memoryMiB + 64})]\nprint('bad')`,
      timeoutMs: 10_000 + memoryMiB * slowestMsPerMiB,
      holds: (run) => run.status === 'out-of-memory',
      mayEndSandbox: gvisor,
      shown: gvisor
        ? `${memoryMiB} MiB; more ends the sandbox`
        : `${memoryMiB} MiB, and an OOM kill is told apart`,
      fix: 'Give the engine the memory cgroup controller.',
    },
  ];
}

/** Returns all probes of a sandbox with these limits. @param gvisor whether the OCI runtime is gVisor */
export function probesOf(limits: SandboxLimits, gvisor: boolean): readonly Probe[] {
  return [
    ...commonProbes,
    ...(gvisor ? gvisorProbes : linuxProbes),
    ...limitProbes(limits, gvisor),
  ];
}
