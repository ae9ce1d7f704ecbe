/** Starts the three bridges as an agent does: with a shell command line and JSON on stdin. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { readHookEnvironment } from '../../src/cli/hook/environment.ts';
import { answerOf } from '../../src/cli/hook/hook.ts';
import { readOptions } from '../../src/cli/hook/options.ts';
import type { CliResult } from './cli.ts';
import { nativeBridgeFile } from './native-bridge.ts';

const root = path.join(import.meta.dirname, '../..');

interface Asking {
  readonly dialect: string;
  readonly server: string;
  readonly context: string;
  readonly hookset?: string;
  /** The event, given separately for agents whose context does not name it. */
  readonly event?: string | undefined;
  /** Further options of `hookpool hook`, by their names. */
  readonly more?: Readonly<Record<string, string>> | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** The folder of the executable file that the agent starts instead of a shell command line. */
  readonly asFileIn?: string | undefined;
}

export type Bridge = (asking: Asking) => Promise<CliResult>;

export const nodeBridge: Bridge = (asking) =>
  start(
    asking,
    `'${process.execPath}' '${root}/dist/cli/main.js' hook ${optionsOf(asking)}`,
    asking.env,
  );

/**
 * What `hookpool hook` answers, asked in this process: a start of node takes 0.25 s of CPU time. How
 * the process reads stdin, writes and ends does not depend on the agent.
 */
export const bridgeHere: Bridge = async (asking) => {
  const { context, env = {} } = asking;
  const words = Object.entries(namedOptions(asking)).map(([name, value]) => `--${name}=${value}`);
  const options = readOptions(words, readHookEnvironment(env));
  if (options === 'help') throw new Error('--help is no call of an agent.');
  const stdin = Readable.from(context === '' ? [] : [Buffer.from(context)]);
  const never = new Promise<never>(() => undefined);
  const { answer } = await answerOf(options, stdin, performance.now(), never);
  return { code: answer.exitCode, stdout: answer.stdout, stderr: answer.stderr };
};

export const nativeBridge: Bridge = (asking) =>
  start(asking, `'${nativeBridgeFile}' ${optionsOf(asking)}`, asking.env);

function namedOptions({ dialect, server, hookset = 'guard', event, more = {} }: Asking) {
  const hooks = 'hooks' in more ? {} : { hookset };
  return { dialect, ...hooks, server, ...(event === undefined ? {} : { event }), ...more };
}

function optionsOf(asking: Asking): string {
  return Object.entries(namedOptions(asking))
    .map(([name, value]) => `--${name} '${value}'`)
    .join(' ');
}

/** The variables of the shell bridge that stand for options of the others. */
const variables: Readonly<Record<string, string>> = {
  event: 'HOOKPOOL_EVENT',
  deadline: 'HOOKPOOL_DEADLINE',
  'transcript-bytes': 'HOOKPOOL_TRANSCRIPT_BYTES',
};

export const shellBridge: Bridge = (asking) => {
  const { dialect, server, hookset = 'guard', event, more = {} } = asking;
  const { 'fail-mode': failMode = '', ...others } = event === undefined ? more : { ...more, event };
  const env: Record<string, string> = { HOOKPOOL_SERVER: server };
  for (const [name, value] of Object.entries(others)) {
    const variable = variables[name];
    if (variable === undefined) throw new Error(`The shell bridge has no --${name}.`);
    env[variable] = value;
  }
  const line = `'${root}/deploy/bridge/hookpool-hook.sh' ${dialect} ${hookset} ${failMode}`;
  return start(asking, line, { ...env, ...asking.env });
};

function start(
  { asFileIn, context }: Asking,
  line: string,
  env: NodeJS.ProcessEnv = {},
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
  // The trace of whoever runs the tests is not that of an agent.
  const own = { ...process.env, TRACEPARENT: undefined, TRACESTATE: undefined };
  const child = spawn('/bin/sh', ['-c', command], { env: { ...own, ...env } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
