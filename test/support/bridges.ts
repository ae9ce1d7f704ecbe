/** The two bridges as an agent starts them: a command line for a shell, JSON on stdin. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { CliResult } from './cli.ts';

const root = path.join(import.meta.dirname, '../..');

export interface Asking {
  readonly dialect: string;
  readonly server: string;
  readonly context: string;
  readonly hookset?: string;
  readonly event?: string;
}

export type Bridge = (asking: Asking) => Promise<CliResult>;

export const nodeBridge: Bridge = ({ dialect, server, context, hookset = 'guard', event }) => {
  const named = event === undefined ? '' : ` --event ${event}`;
  return run(
    `node '${root}/dist/cli/main.js' hook --dialect ${dialect} --hookset ${hookset} --server ${server}${named}`,
    context,
    {},
  );
};

/** Takes the event from the context only. */
export const shellBridge: Bridge = ({ dialect, server, context, hookset = 'guard' }) =>
  run(`'${root}/deploy/bridge/hookpool-hook.sh' ${dialect} ${hookset}`, context, { HOOKPOOL_SERVER: server });

export async function run(command: string, input: string, env: NodeJS.ProcessEnv): Promise<CliResult> {
  const child = spawn('/bin/sh', ['-c', command], { env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
