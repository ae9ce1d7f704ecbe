/** Runs commands side by side, in the order that they need, and tells how each one ended. */
import { spawn } from 'node:child_process';

export interface Phase {
  readonly name: string;
  /** For bash, with -euo pipefail. */
  readonly command: string;
  /** Phases without which this one shows nothing: it is not run where one of them fails. */
  readonly needs?: readonly string[];
  /** Phases that must have ended, well or not, because both would share a core or a time limit. */
  readonly after?: readonly string[];
}

export interface Ended {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'not run';
  /** 0 where it was not run. */
  readonly seconds: number;
  /** What it wrote to stdout and stderr. */
  readonly output: string;
}

/**
 * Runs every phase as soon as it may, and hands over each one when it ends.
 *
 * @throws Error where phases wait for each other, or for one that is not there
 */
export async function runPhases(
  phases: readonly Phase[],
  ended: (phase: Ended) => void,
): Promise<readonly Ended[]> {
  const begun = new Set<string>();
  const done = new Map<string, Ended>();
  const running = new Set<Promise<void>>();
  const isOver = (name: string) => done.has(name);
  const mayBegin = ({ name, needs = [], after = [] }: Phase) =>
    !begun.has(name) && [...needs, ...after].every(isOver);
  const run = async (phase: Phase) => {
    const lacks = phase.needs?.find((name) => done.get(name)?.outcome !== 'passed');
    const end = lacks === undefined ? await outcomeOf(phase) : notRun(phase, lacks);
    done.set(phase.name, end);
    ended(end);
  };
  while (done.size < phases.length) {
    for (const phase of phases.filter(mayBegin)) {
      begun.add(phase.name);
      const one = run(phase).finally(() => running.delete(one));
      running.add(one);
    }
    if (running.size === 0) {
      const left = phases.filter(({ name }) => !done.has(name)).map(({ name }) => name);
      throw new Error(`these phases wait for what never ends: ${left.join(', ')}`);
    }
    await Promise.race(running);
  }
  return [...done.values()];
}

function notRun({ name }: Phase, lacks: string): Ended {
  return { name, outcome: 'not run', seconds: 0, output: `It needs ${lacks}.\n` };
}

async function outcomeOf({ name, command }: Phase): Promise<Ended> {
  const began = performance.now();
  const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => pieces.push(piece));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    name,
    outcome: code === 0 ? 'passed' : 'failed',
    seconds: (performance.now() - began) / 1_000,
    output: Buffer.concat(pieces).toString(),
  };
}
