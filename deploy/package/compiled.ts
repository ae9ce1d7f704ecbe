/**
 * Writes what V8 compiles of dist/, for the Node.js that builds the package. Another one finds no
 * file of its version and compiles by itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './bundle.ts';
import { compiledName } from './chunks.ts';
import { standalone } from './common-js.ts';

const hooks = 'examples/guards/hooks.yaml';
const agentHooks = 'examples/claude-project/.claude/settings.json';

/** Calls whose code is kept. None reaches an engine or a server: there is none where this runs. */
const calls: readonly (readonly string[])[] = [
  ['--version'],
  ['--help'],
  ['check', '--static', hooks, agentHooks],
  ['check', hooks, 'examples/guards/hooks.hooktest.yaml'],
  ['run', '--hooks', hooks, '--json'],
  ['explain', '--hooks', hooks],
  ['test', 'examples/guards'],
  ['hook', '--dialect', 'claude-code', '--server', 'http://127.0.0.1:1'],
  ['hook', '--dialect', 'claude-code', '--local', hooks],
  ['doctor'],
  ['image'],
  ['serve', '--help'],
  ['worker', '--help'],
];

const context = JSON.stringify({
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'git push --force' },
});

/** Writes the compiled code into `dist`. @throws when one of the calls ends as a bug */
export async function writeCompiled(dist: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-compiled-'));
  const kept = path.join(dist, compiledName);
  mkdirSync(path.dirname(kept), { recursive: true });
  try {
    const training = path.join(folder, 'training.cjs');
    writeFileSync(training, await standalone(path.join(root, 'deploy/package/training.ts')));
    for (const call of calls) train([training, dist, kept, ...call], folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function train(args: readonly string[], home: string): void {
  const { status, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: root, input: context, encoding: 'utf8', timeout: 60_000 },
    env: { PATH: process.env.PATH, HOME: home, DOCKER_HOST: `unix://${home}/no-engine.sock` },
  });
  if (status === null || status === 1 || status === 70)
    throw new Error(`${args.slice(3).join(' ')} ended with ${status}: ${stderr}`);
}
