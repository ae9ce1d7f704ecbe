/**
 * Runs a hook as a child process: it gets the context on stdin and has ended when its pipes are
 * closed.
 */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { type BenchContext, objection } from '../guards.ts';
import { NotHere } from './contender.ts';

interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Default: the guard's objection. */
  readonly mustSay?: string | undefined;
}

/** @throws Error if the child did not print what it must say. */
export function runChild(
  command: string,
  args: readonly string[],
  { bytes }: BenchContext,
  { env = process.env, mustSay = objection }: ChildOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    let said = '';
    const hear = (heard: Buffer) => {
      said += heard;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    // A guard may end before it has read everything.
    child.stdin.on('error', () => undefined);
    child.on('close', (code) =>
      said.includes(mustSay)
        ? resolve()
        : reject(new Error(`${command} ended with ${code} and said: ${said}`)),
    );
    child.stdin.end(bytes);
  });
}

/** @returns the output of the command. @throws NotHere if it cannot be run. */
export async function outputOf(command: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { encoding: 'utf8', maxBuffer: 16 << 20 }))
      .stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    throw new NotHere(
      code === 'ENOENT'
        ? `${command} is not installed`
        : `${command} ${args[0]}: ${stderr || error}`.trim(),
    );
  }
}
