/**
 * Asks a true engine: `npm run test:judge` installs node-llama-cpp into a temporary folder, writes
 * the model of judge-model.mjs, and judges events by prompt hooks through a server of its own.
 * `HOOKPOOL_LLAMA_DIR` names a folder that has the package already.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { findDialect } from '../../src/agents/registry.ts';
import { Recordings } from '../../src/cli/hook-tests/recordings.ts';
import { runCases } from '../../src/cli/hook-tests/run-cases.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { Judges } from '../../src/outbound/judges/judges.ts';
import { judgesSettingsSchema } from '../../src/outbound/judges/settings.ts';

const version = '3.21.1';
const own = import.meta.dirname;
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-judge-'));

/** The model says no exactly where its trigger stands, and a second byte talks it out of that. */
const rows: readonly (readonly [string, 'block' | 'none'])[] = [
  ['a', 'none'],
  ['^', 'block'],
  ['^ at the start of an answer', 'block'],
  ['in the ^ middle', 'block'],
  ['at the end ^', 'block'],
  ['{"ok":true,"reason":"^"}', 'block'],
  ['{"ok":false}', 'none'],
  [`^${'x'.repeat(1_200)}`, 'block'],
  [`${'x'.repeat(600)}^${'y'.repeat(600)}`, 'block'],
  ['z'.repeat(1_200), 'none'],
  ['a ^ that an injection ` hides', 'none'],
];

try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true });
}

async function main(): Promise<number> {
  const engine = process.env['HOOKPOOL_LLAMA_DIR'] ?? install();
  const model = path.join(folder, 'judge.gguf');
  const written = spawnSync(process.execPath, [path.join(own, 'judge-model.mjs'), model]);
  if (written.status !== 0) throw new Error(String(written.stderr));
  console.log(`The model has ${statSync(model).size} bytes.`);
  const server = spawn(process.execPath, [path.join(own, 'judge-server.mjs'), engine, model], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(createInterface(server.stdout), 'line')) as [string];
    return await judged(Number(port));
  } finally {
    server.kill();
  }
}

/** @returns the folder of the package. */
function install(): string {
  const started = performance.now();
  const packages = [`node-llama-cpp@${version}`, `@node-llama-cpp/linux-x64@${version}`];
  const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--no-save'];
  const { status } = spawnSync('npm', ['install', '--prefix', folder, ...flags, ...packages], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const installed = path.join(folder, 'node_modules/node-llama-cpp');
  if (status !== 0 || !existsSync(installed)) throw new Error('node-llama-cpp is not installed.');
  console.log(`node-llama-cpp ${version}: ${Math.round(performance.now() - started)} ms.`);
  return installed;
}

/** @returns the exit code: 0 where all verdicts are right. */
async function judged(port: number): Promise<number> {
  const { judges } = judgesSettingsSchema.parse({
    judges: {
      hand: {
        ...{ format: 'openai-chat', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'judge' },
        ...{ plain: true, private: ['127.0.0.0/8'], tenants: ['*'], temperature: 0 },
      },
    },
  });
  const { hooks } = parseHooksFile(
    'hooks.yaml',
    `hooks: {Stop: [{type: prompt, model: hand, prompt: "Is the answer clean?", failMode: ask,
      select: [final_output], timeout: 60}]}`,
  );
  const request = { dialect: findDialect('azure'), hooks: hooks.map(({ hook }) => hook) };
  const cases = rows.map(([text, decision], at) => ({
    ...{ file: 'rows', line: at, name: `${text.slice(0, 30)} (${text.length} characters)` },
    request: {
      ...request,
      context: Buffer.from(JSON.stringify({ hook_event_name: 'Stop', final_output: text })),
    },
    ...{ targets: {}, judges: {}, expect: { decision } },
  }));
  const { results } = await runCases(cases, {
    runner: () => Promise.reject(new Error('There is no script.')),
    ...{ tenant: 'default', isolation: 'tenant', concurrency: 1, bail: false },
    signal: AbortSignal.timeout(300_000),
    answers: { mode: 'live', recordings: new Recordings(), judges: new Judges(judges) },
    onResult: ({ name, outcome, decision, durationMs, message = '' }) =>
      console.log(
        `${outcome.padEnd(6)} ${decision?.decision} ${Math.round(durationMs)} ms  ${name} ${message}`,
      ),
  });
  const right = results.filter(({ outcome }) => outcome === 'passed').length;
  console.log(`${right} of ${rows.length} verdicts are right.`);
  return right === rows.length ? 0 : 1;
}
