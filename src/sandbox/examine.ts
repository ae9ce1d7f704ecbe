/**
 * Checks whether this machine is fit to run hostile scripts: asks the engine, then tries in
 * sandboxes what must fail, since an engine may ignore a limit that is written into a spec.
 */
import { messageOf, SandboxError, UnavailableError } from '../errors.ts';
import type { RunRequest } from '../protocol/run.ts';
import { defaultProfile } from '../protocol/sandbox-kind.ts';
import type { Engine, EngineInfo } from './engine.ts';
import type { Lease } from './lease.ts';
import type { Pool } from './pool.ts';
import { type Probe, probesOf } from './probes.ts';
import { builtInRemedy, type Profile } from './profile.ts';
import { isGvisor, type SandboxLimits } from './spec.ts';

export type Level = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly name: string;
  readonly level: Level;
  readonly text: string;
  /** What to do about it; absent when all is well. */
  readonly fix?: string;
}

/** Podman refuses the container spec (seen with Podman 4.3). */
const podman = finding(
  'podman',
  'fail',
  'takes neither a limit of inodes for a tmpfs (nr_inodes) nor a seccomp profile as text (only as a file of its host)',
  'Use Docker, rootless where root is not wanted.',
);

/**
 * Findings from what the engine reports. If none of them is a failure, the limits may still not
 * hold: see probeLimits().
 */
export async function examineEngine(
  engine: Engine,
  image: string,
  ociRuntime: string | undefined,
): Promise<Finding[]> {
  let info: EngineInfo;
  try {
    info = await engine.info();
  } catch (error) {
    // ENGINE_DOWN says itself what to do.
    const isDown = error instanceof UnavailableError && error.code === 'ENGINE_DOWN';
    return [
      finding('engine', 'fail', messageOf(error), isDown ? undefined : 'Restart the engine.'),
    ];
  }
  const found = await engine.image(image);
  const runtime = ociRuntime ?? info.defaultRuntime;
  // Such an engine reports that it can limit, and then warns that it did not.
  const ignoresLimits = info.cgroupVersion === '1' && info.isRootless;
  const seccomp = info.securityOptions.some((option) => option.includes('seccomp'));
  return [
    finding('engine', 'ok', `${info.version} (API ${info.apiVersion}) on ${info.operatingSystem}`),
    finding('cgroup', 'ok', `version ${info.cgroupVersion}`),
    judge(
      'seccomp',
      seccomp,
      'supported',
      'not supported',
      'Use a kernel and an engine with seccomp.',
    ),
    judge('image', found !== undefined, image, `${image} is missing`, builtInRemedy('small')),
    judge(
      'runtime',
      info.runtimes.includes(runtime),
      `${runtime} of ${info.runtimes.join(', ')}`,
      `${runtime} is not registered`,
      'Register it in daemon.json and restart the engine.',
    ),
    judge(
      'engine limits',
      info.memoryLimit && info.pidsLimit && !ignoresLimits,
      'memory, pids',
      ignoresLimits
        ? 'memory, pids and CPU limits are ignored: rootless on cgroup version 1'
        : 'the engine cannot limit memory or pids',
      'Use cgroup version 2, and delegate the memory and pids controllers to the engine.',
    ),
    ...(info.isPodman ? [podman] : []),
    info.swapLimit
      ? finding('swap', 'ok', 'limited')
      : finding(
          'swap',
          'warn',
          'swap cannot be limited',
          'Boot with swapaccount=1, or run without swap.',
        ),
  ];
}

/** Whether the images of other profiles than the default one are there; hooks may need none. */
export async function examineProfiles(
  engine: Engine,
  profiles: readonly Profile[],
): Promise<Finding[]> {
  const findings = profiles
    .filter(({ name }) => name !== defaultProfile)
    .map(async ({ name, image, remedy }) => {
      const isThere = (await engine.image(image)) !== undefined;
      const what = `profile ${name}`;
      return isThere
        ? finding(what, 'ok', image)
        : finding(what, 'warn', `${image} is missing`, remedy);
    });
  return Promise.all(findings);
}

/**
 * Tries every limit of `limits` in real sandboxes, each in one of its own. The pool's sandboxes
 * must have those limits and that OCI runtime.
 */
export async function probeLimits(
  pool: Pool,
  limits: SandboxLimits,
  ociRuntime?: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const probe of probesOf(limits, isGvisor(ociRuntime)))
    findings.push(await tryProbe(pool, probe));
  return findings;
}

async function tryProbe(pool: Pool, probe: Probe): Promise<Finding> {
  const limits = { timeoutMs: probe.timeoutMs ?? 10_000, stdoutBytes: 4096, stderrBytes: 4096 };
  const request: RunRequest = {
    runtime: 'python3',
    script: Buffer.from(probe.script),
    stdin: Buffer.alloc(0),
    limits,
  };
  let lease: Lease | undefined;
  try {
    lease = await pool.acquire('doctor', 'job');
    const run = await lease.run(request);
    const said = `${run.status}: ${Buffer.concat([run.stdout, run.stderr]).toString().trim().slice(0, 200)}`;
    return probe.holds(run)
      ? finding(probe.name, 'ok', probe.shown)
      : finding(probe.name, probe.level ?? 'fail', `does not hold (${said})`, probe.fix);
  } catch (error) {
    const ended =
      lease !== undefined && error instanceof SandboxError && error.code === 'SANDBOX_LOST';
    if (ended && probe.mayEndSandbox) return finding(probe.name, 'ok', probe.shown);
    return finding(
      probe.name,
      'fail',
      messageOf(error),
      'No sandbox came up: see the lines above.',
    );
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
