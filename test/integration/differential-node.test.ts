/**
 * A script in a node that was started before it behaves as under `node FILE`: same stdout, same
 * stderr, same end, for every script in test/fixtures/differential/node. Those that end with `.js`
 * are the text of a hook; the others lie in the project.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeLauncher } from '../../src/bundling/launcher.ts';
import { readConfig } from '../../src/config.ts';
import { defaultRunLimits, type RunResult } from '../../src/protocol/run.ts';
import { imageFolder, imageName } from '../../src/sandbox/image.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { type PlainResult, type PlainTask, runPlain } from '../support/plain-interpreter.ts';
import { testPool } from '../support/pool.ts';
import { bundleOf } from '../support/script.ts';

const image = readConfig().image ?? imageName(imageFolder, 'full');
const folder = path.join(import.meta.dirname, '../fixtures/differential/node');
const defaultStdin =
  '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls -la"}}\n';

const tasks: PlainTask[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.[cm]?[jt]s$/.test(file))
  .toSorted()
  .map((name) => {
    const stdinFile = path.join(folder, name.replace(/\.\w+$/, '.stdin'));
    return {
      name,
      runtime: 'node',
      script: readFileSync(path.join(folder, name)),
      stdin: existsSync(stdinFile) ? readFileSync(stdinFile) : Buffer.from(defaultStdin),
      ...(name.endsWith('.js') ? {} : { file: path.basename(name) }),
    };
  });

let plain = new Map<string, PlainResult>();
const runs = new Map<string, RunResult>();
let pool: Pool;

beforeAll(async () => {
  pool = testPool({ image, max: 2 });
  const waiting = [...tasks];
  const lane = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift())
      runs.set(task.name, await run(task));
  };
  [plain] = await Promise.all([runPlain(tasks, image), lane(), lane()]);
}, 300_000);

afterAll(() => pool.drain());

async function run({ script, stdin, file }: PlainTask): Promise<RunResult> {
  const lease = await pool.acquire('differential', 'tenant');
  try {
    const text = script.toString();
    const start = { folder: '', environment: {} };
    const request =
      file === undefined
        ? { script }
        : {
            script: Buffer.from(nodeLauncher(start, { argv: [file, 'argument'] })),
            bundle: bundleOf({ [file]: text }),
          };
    return await lease.run({ runtime: 'node', stdin, limits: defaultRunLimits, ...request });
  } finally {
    lease.release();
  }
}

describe('a script in a node that was started before it', () => {
  test('is compared in 100 scripts, 25 of them files of a project', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(100);
    expect(tasks.filter(({ file }) => file !== undefined).length).toBeGreaterThanOrEqual(25);
  });

  test.each(tasks.map(({ name }) => name))('behaves as under the plain node: %s', (name) => {
    const [mine, reference] = [runs.get(name), plain.get(name)];
    if (mine === undefined || reference === undefined) throw new Error(`${name} did not run`);
    expect(readable(mine, endOf(mine))).toEqual(readable(reference, reference.code));
  });
});

/** The exit code, or the signal as a negative number, as Python's subprocess module counts. */
function endOf({ exitCode, signal }: RunResult): number {
  return exitCode ?? -(constants.signals[signal as NodeJS.Signals] ?? 0);
}

/** Process ids and addresses differ from run to run, and another listener of exit is there. */
function readable({ stdout, stderr }: { stdout: Uint8Array; stderr: Uint8Array }, end: number) {
  const text = (bytes: Uint8Array) =>
    Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/\(node:\d+\)/g, '(node:N)')
      .replaceAll(/\b0x[\da-f]+\b/g, '0xN')
      .replaceAll(/\(node:events:[\d:]+\)/g, '(node:events)');
  return { end, stdout: text(stdout), stderr: text(stderr) };
}
