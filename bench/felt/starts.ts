/**
 * What commands take that a person starts, beside a bare start of node: CPU time, which others on
 * the machine change little, and for `run` the time to its exit.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { medianRatioRange } from '../bootstrap.ts';
import { main } from '../contenders/cluster.ts';
import { contextOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import type { JudgedFelt } from '../report/felt-page.ts';
import { median } from '../stats.ts';

const root = path.join(import.meta.dirname, '../..');
const hooks = path.join(root, 'examples/global-hook.yaml');
const turns = 20;
const quickTurns = 3;
const noise = { share: 0.25, plus: 0 } as const;

const commands = {
  node: ['-e', '0'],
  static: [main, 'check', '--static', hooks],
  check: [main, 'check', hooks],
  run: [main, 'run', '--hooks', hooks],
} as const;
type Command = keyof typeof commands;

/** Milliseconds of each start. */
export type Starts = Readonly<Record<Command, { readonly cpu: number[]; readonly wall: number[] }>>;

/** The commands take turns of one start each; the first is not counted. */
export function measureStarts({ quick, interrupted, progress }: BenchOptions): Starts {
  progress('starts of commands');
  const names = Object.keys(commands) as Command[];
  const starts = Object.fromEntries(
    names.map((name) => [name, { cpu: [], wall: [] }]),
  ) as unknown as Starts;
  for (let turn = 0; turn <= (quick ? quickTurns : turns); turn++) {
    for (const name of names) {
      interrupted.throwIfAborted();
      const { cpu, wall } = start(commands[name]);
      if (turn === 0) continue;
      starts[name].cpu.push(cpu);
      starts[name].wall.push(wall);
    }
  }
  return starts;
}

/** bash tells the CPU time of a command in milliseconds; node does not tell that of a child. */
function start(args: readonly string[]): { cpu: number; wall: number } {
  const text = `TIMEFORMAT='%3R %3U %3S'; time "$0" "$@" >/dev/null 2>&1`;
  const { stderr } = spawnSync('/bin/bash', ['-c', text, process.execPath, ...args], {
    ...{ cwd: root, encoding: 'utf8' },
    input: contextOf(1024).bytes,
  });
  const [wall = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  return { cpu: (user + system) * 1000, wall: wall * 1000 };
}

const targets = [
  ['check-static', 'hookpool check --static of one hook: CPU / node -e 0', 2, 'static', 'cpu'],
  ['check', 'hookpool check of one hook in a sandbox: CPU / node -e 0', 3, 'check', 'cpu'],
  ['run-exit', 'hookpool run of one hook, from start to exit / node -e 0', 6, 'run', 'wall'],
] as const satisfies readonly (readonly [string, string, number, Command, 'cpu' | 'wall'])[];

export function judgedStarts(starts: Starts): JudgedFelt[] {
  return targets.map(([id, text, most, command, kind]) => {
    const [above, below] = [starts[command][kind], starts.node[kind]];
    return {
      target: { ...{ id, text, noise }, unit: '', bound: { most } },
      value: median(above) / median(below),
      range: medianRatioRange(above, below),
    };
  });
}
