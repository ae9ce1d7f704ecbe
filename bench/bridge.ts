/**
 * Measures the cost of the bridges before a hook runs: their start, one request and the answer of a
 * server that answers at once, compared with a bare start of node. The contenders take turns of one
 * call each.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BenchOptions } from './options.ts';
import { figure, plainTable } from './report/table.ts';
import { summarize } from './stats.ts';

const root = path.join(import.meta.dirname, '..');
const context = '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"}}';
const answer = { stdout: '{"decision":"block","reason":"no"}\n', stderr: '', exitCode: 0 };
/** Runs in a worker thread, because the calls below block the main thread. */
const standIn = `
const { parentPort } = require('node:worker_threads');
require('node:http').createServer((request, response) => {
  request.resume().on('end', () => {
    const shell = request.headers.accept === 'text/plain';
    response.end(shell ? ${JSON.stringify(`0\u001e${answer.stdout}\u001e\u001e`)} : ${JSON.stringify(JSON.stringify(answer))});
  });
}).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`;

/** @returns the exit code. */
export async function bridgeCommand({ json, quick, interrupted }: BenchOptions): Promise<number> {
  const server = new Worker(standIn, { eval: true });
  try {
    const port = await new Promise((resolve) => server.once('message', resolve));
    const url = `http://127.0.0.1:${port}`;
    const hook = [
      `${root}/dist/cli/main.js`,
      'hook',
      '--dialect',
      'claude-code',
      '--hookset',
      'x',
      '--server',
      url,
    ];
    const contenders: readonly (readonly [string, string, readonly string[]])[] = [
      ['node -e 0', process.execPath, ['-e', '0']],
      ['hookpool hook', process.execPath, hook],
      [
        'hookpool-hook.sh',
        '/bin/sh',
        [`${root}/deploy/bridge/hookpool-hook.sh`, 'claude-code', 'x'],
      ],
    ];
    const times = contenders.map((): number[] => []);
    for (let round = 0; round < (quick ? 10 : 100); round++) {
      for (const [at, [method, file, args]] of contenders.entries()) {
        interrupted.throwIfAborted();
        const startedAt = performance.now();
        const { stdout } = spawnSync(file, args, {
          input: context,
          env: { ...process.env, HOOKPOOL_SERVER: url },
        });
        times[at]?.push(performance.now() - startedAt);
        if (at > 0 && !stdout.includes('"block"'))
          throw new Error(`${method} did not answer: ${stdout}`);
      }
    }
    const cells = contenders.map(([method], at) => ({ method, ...summarize(times[at] ?? []) }));
    const ratio = (p50Ms: number) => p50Ms / (cells[0]?.p50Ms ?? Number.NaN);
    const machine = {
      cpus: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
      node: process.version,
    };
    if (json) {
      console.log(
        JSON.stringify(
          { machine, cells: cells.map((cell) => ({ ...cell, ratio: ratio(cell.p50Ms) })) },
          null,
          2,
        ),
      );
      return 0;
    }
    console.log(machine);
    const rows = cells.map(({ method, n, p50Ms, p95Ms }) => [
      method,
      String(n),
      ...[p50Ms, p95Ms, ratio(p50Ms)].map(figure),
    ]);
    console.log(plainTable([['contender', 'n', 'p50 ms', 'p95 ms', 'p50 / node'], ...rows], 1));
    return 0;
  } finally {
    await server.terminate();
  }
}
