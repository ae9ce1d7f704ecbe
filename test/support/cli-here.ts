/**
 * A call of hookpool in the process of the test: the same arguments, streams and exit code as a
 * process of its own (cli.ts), which takes 0.4 s of CPU time to start. Folder and environment belong
 * to the process, so calls must not overlap.
 */
import { Readable } from 'node:stream';
import { vi } from 'vitest';
import type { Io } from '../../src/cli/command.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { streamIo } from '../../src/cli/stream-io.ts';
import type { CliResult } from './cli.ts';

export async function hookpoolHere(
  args: readonly string[],
  input = '',
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<CliResult> {
  const stdout = new Written();
  const stderr = new Written();
  const stdin = Readable.from([Buffer.from(input)]);
  const io: Io = Object.assign(streamIo({ stdin, stdout, stderr }), {
    stopSignal: () => new AbortController().signal,
    onHangUp: () => undefined,
  });
  const before = process.cwd();
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  if (cwd !== undefined) process.chdir(cwd);
  try {
    const code = await runCommandLine(args, io);
    return { code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    if (cwd !== undefined) process.chdir(before);
    vi.unstubAllEnvs();
  }
}

/** A stream that is no terminal, and keeps what is written. */
class Written {
  readonly #chunks: Uint8Array[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  write(data: string | Uint8Array): void {
    this.#chunks.push(Buffer.from(data as Uint8Array));
  }
}
