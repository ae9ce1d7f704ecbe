/** Description of the machine on which the bench ran. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, release, type as system, totalmem } from 'node:os';
import type { Engine, Runtime } from '../src/index.ts';

export interface Machine {
  readonly cpus: string;
  readonly memory: string;
  readonly kernel: string;
  readonly node: string;
  readonly engine: string;
  readonly python: string;
  readonly bash: string;
  /**
   * Load average of the minute before the run; a value far above 0 shows that other processes were
   * active.
   */
  readonly load: string;
}

/** The interpreter of a bare guard. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** The program of this machine that runs a bare guard. */
export function programOf(interpreter: Runtime): string {
  if (interpreter === 'python3') return python;
  return interpreter === 'node' ? process.execPath : interpreter;
}

/** @throws UnavailableError when no engine answers. */
export async function describeMachine(engine: Engine, load: number): Promise<Machine> {
  const { version, defaultRuntime, cgroupVersion } = await engine.info();
  return {
    cpus: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: `${system()} ${release()}`,
    node: process.version,
    engine: `Docker ${version}, ${defaultRuntime}, cgroup v${cgroupVersion}`,
    python: `${python}, ${firstLine(python, ['--version'])}`,
    bash: firstLine('bash', ['--version']),
    load: load.toFixed(1),
  };
}

/** Whether other processes were active on a machine with so many CPUs: its times are not reliable. */
export function isBusy({ load, cpus: text }: Pick<Machine, 'load' | 'cpus'>): boolean {
  return Number(load) > Number.parseInt(text, 10) / 2;
}

/** Warns if other processes are active. */
export function warnIfBusy(machine: Machine, warn: (text: string) => void): void {
  if (isBusy(machine))
    warn(`others are at work (load ${machine.load}): these numbers are not to be quoted`);
}

function firstLine(command: string, args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' }).split('\n', 1)[0] ?? '';
}
