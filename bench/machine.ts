/** On what machine something was measured. */
import { execFileSync } from 'node:child_process';
import { cpus, release, type as system } from 'node:os';
import type { Engine } from '../src/index.ts';

export interface Machine {
  readonly cpus: string;
  readonly kernel: string;
  readonly node: string;
  readonly engine: string;
  readonly python: string;
  readonly bash: string;
}

/** @throws UnavailableError when no engine answers. */
export async function describeMachine(engine: Engine, python: string): Promise<Machine> {
  const { version, defaultRuntime, cgroupVersion } = await engine.info();
  return {
    cpus: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    kernel: `${system()} ${release()}`,
    node: process.version,
    engine: `${version}, ${defaultRuntime}, cgroup v${cgroupVersion}`,
    python: `${python}, ${firstLine(python, ['--version'])}`,
    bash: firstLine('bash', ['--version']),
  };
}

function firstLine(command: string, args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' }).split('\n', 1)[0] ?? '';
}
