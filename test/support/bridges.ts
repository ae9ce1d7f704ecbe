/** Starts the two bridges as an agent does: with a shell command line and JSON on stdin. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { askServer } from '../../src/cli/hook/ask-server.ts';
import { readHookEnvironment } from '../../src/cli/hook/environment.ts';
import { fallback } from '../../src/cli/hook/fallback.ts';
import { readOptions } from '../../src/cli/hook/options.ts';
import { messageOf } from '../../src/errors.ts';
import type { CliResult } from './cli.ts';

const root = path.join(import.meta.dirname, '../..');

interface Asking {
  readonly dialect: string;
  readonly server: string;
  readonly context: string;
  readonly hookset?: string;
  /** The event, given separately for agents whose context does not name it. */
  readonly event?: string | undefined;
  /** The folder of the executable file that the agent starts instead of a shell command line. */
  readonly asFileIn?: string | undefined;
}

export type Bridge = (asking: Asking) => Promise<CliResult>;

export const nodeBridge: Bridge = (asking) => {
  const { dialect, server, hookset = 'guard', event } = asking;
  const named = event === undefined ? '' : ` --event ${event}`;
  const line = `'${root}/dist/cli/main.js' hook --dialect ${dialect} --hookset ${hookset} --server ${server}${named}`;
  return start(asking, `'${process.execPath}' ${line}`, {});
};

/**
 * What `hookpool hook` answers, asked in this process: a start of node takes 0.25 s of CPU time. How
 * the process reads stdin, writes and ends does not depend on the agent.
 */
export const nodeBridgeHere: Bridge = async (asking) => {
  const { dialect, server, hookset = 'guard', event, context } = asking;
  const named = event === undefined ? [] : ['--event', event];
  const args = ['--dialect', dialect, '--hookset', hookset, '--server', server, ...named];
  const options = readOptions(args, readHookEnvironment());
  if (options === 'help') throw new Error('no agent asks for help');
  const bytes = Buffer.from(context);
  const { stdout, stderr, exitCode } = await askServer(
    options,
    bytes,
    performance.now() + options.deadlineMs,
  ).catch((error: unknown) => fallback(options, bytes, messageOf(error)));
  return { code: exitCode, stdout, stderr };
};

export const shellBridge: Bridge = (asking) => {
  const { dialect, server, hookset = 'guard', event } = asking;
  const env = {
    HOOKPOOL_SERVER: server,
    ...(event === undefined ? {} : { HOOKPOOL_EVENT: event }),
  };
  return start(asking, `'${root}/deploy/bridge/hookpool-hook.sh' ${dialect} ${hookset}`, env);
};

function start(
  { asFileIn, context }: Asking,
  line: string,
  env: NodeJS.ProcessEnv,
): Promise<CliResult> {
  if (asFileIn === undefined) return run(line, context, env);
  const file = path.join(asFileIn, randomUUID());
  writeFileSync(file, `#!/bin/sh\nexec ${line}\n`, { mode: 0o700 });
  return run(`'${file}'`, context, env);
}

export async function run(
  command: string,
  input: string,
  env: NodeJS.ProcessEnv,
): Promise<CliResult> {
  const child = spawn('/bin/sh', ['-c', command], { env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
