/**
 * Runs `python3 script` and `bash script` in the sandbox image without a supervisor, for comparison
 * with jobs.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { readConfig } from '../../src/config.ts';
import type { Runtime } from '../../src/protocol/run.ts';
import { imageFolder, imageName } from '../../src/sandbox/image.ts';

export interface PlainTask {
  readonly name: string;
  readonly runtime: Runtime;
  readonly script: Buffer;
  readonly stdin: Buffer;
  /** Name of a file in /project that is run in the place of /job/script, with an argument. */
  readonly file?: string;
}

export interface PlainResult {
  readonly name: string;
  /** The exit code; negative for the signal that ended the script. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

const driver = readFileSync(path.join(import.meta.dirname, 'plain-interpreter.py'), 'utf8');

/** Runs all tasks in one container with the same image, limits and filter. */
export async function runPlain(
  tasks: readonly PlainTask[],
  image: string = readConfig().image ?? imageName(),
): Promise<Map<string, PlainResult>> {
  const limits = [
    '--network=none',
    '--read-only',
    '--ipc=none',
    '--pids-limit=64',
    '--memory=256m',
    '--memory-swap=256m',
    '--ulimit=core=1:1',
  ];
  const privileges = [
    '--cap-drop=ALL',
    '--cap-add=KILL',
    '--cap-add=SETUID',
    '--cap-add=SETGID',
    '--security-opt=no-new-privileges',
  ];
  const filter = [`--security-opt=seccomp=${path.join(imageFolder, 'seccomp.json')}`];
  const mounts = [
    '--tmpfs=/tmp:size=32m,mode=0700,uid=123456,gid=123456,noexec',
    '--tmpfs=/job:size=1m,mode=0755,noexec',
    '--tmpfs=/project:size=1m,mode=0755',
  ];
  const entry = ['--entrypoint=/usr/bin/python3', image, '-c', driver];
  const child = spawn('docker', [
    'run',
    '--rm',
    '-i',
    '--log-driver=none',
    ...limits,
    ...privileges,
    ...filter,
    ...mounts,
    ...entry,
  ]);
  const lines = tasks.map(({ name, runtime, script, stdin, file }) =>
    JSON.stringify({
      name,
      runtime,
      file,
      script: script.toString('base64'),
      stdin: stdin.toString('base64'),
    }),
  );
  child.stdin.end(`${lines.join('\n')}\n`);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const results = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(decodeResult);
  if (results.length !== tasks.length)
    throw new Error(`${results.length} of ${tasks.length} plain runs came back: ${stderr}`);
  return new Map(results.map((result) => [result.name, result]));
}

function decodeResult(line: string): PlainResult {
  const { name, code, stdout, stderr } = JSON.parse(line) as {
    name: string;
    code: number;
    stdout: string;
    stderr: string;
  };
  return {
    name,
    code,
    stdout: Buffer.from(stdout, 'base64'),
    stderr: Buffer.from(stderr, 'base64'),
  };
}
