/**
 * What a sandbox costs: the same guard started bare by Node, and run by hookpool in this process.
 *
 * All of them are measured in one run, in turns of a few calls, and each round begins with another
 * one, so that a drift of the machine hits all alike. The first call of a turn is not counted: it
 * has the pause between turns before it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  Engine,
  evaluate,
  execute,
  type Hook,
  HookpoolError,
  type Isolation,
  openPool,
  type Pool,
  parseHooksFile,
  UnavailableError,
} from '../src/index.ts';
import { describeMachine, type Machine } from './machine.ts';
import { type Cell, printCells, summarize } from './report.ts';

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const image = process.env['HOOKPOOL_IMAGE'];

const hooksFile = `
hooks:
  PreToolUse:
    - name: python3-json-re
      matcher: Bash
      failMode: block
      script: |
        #!/usr/bin/env python3
        import json, re, sys
        command = json.load(sys.stdin).get("tool_input", {}).get("command", "")
        if re.search(r"\\brm\\s+-rf\\b", command):
            print(json.dumps({"decision": "block", "reason": "rm -rf is not permitted."}))
    - name: bash-builtins
      matcher: Bash
      failMode: block
      script: |
        #!/bin/bash
        read -r context
        if [[ $context =~ rm[[:space:]]+-rf ]]; then
          echo 'rm -rf is not permitted.' >&2
          exit 2
        fi
`;
const hooks = parseHooksFile('bench', hooksFile);
const context = Buffer.from(
  `${JSON.stringify({
    hook_event_name: 'PreToolUse',
    agent_name: 'bench',
    current_turn: 1,
    max_turns: 50,
    tool_name: 'Bash',
    tool_input: { command: 'cd /srv/app && rm -rf ./releases' },
    call_id: 'call_1',
  })}\n`,
);

interface Guard {
  readonly hook: Hook;
  readonly command: string;
  readonly file: string;
}

/** One row of the result: what is called, how often in a turn, and how long it rests in between. */
interface Contender {
  readonly guard: string;
  readonly method: string;
  readonly gap: string;
  readonly everyRounds: number;
  readonly callsPerTurn: number;
  readonly rest: () => Promise<unknown>;
  readonly call: () => Promise<unknown>;
  readonly times: number[];
}

const jobEveryRounds = 8;
const jobCallsPerTurn = 2;
const warmUpCalls = 6;
/** After each turn: what it left to be done behind its back shall not be paid by the next one. */
const pauseMs = 15;

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } });
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

try {
  await main();
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exitCode = 130;
  } else if (error instanceof HookpoolError) {
    console.error(`${error.message} (${error.code})`);
    process.exitCode = error instanceof UnavailableError ? 75 : 70;
  } else {
    throw error;
  }
}

async function main(): Promise<void> {
  const engine = new Engine();
  const machine = await describeMachine(engine, python);
  const folder = await mkdtemp(path.join(tmpdir(), 'hookpool-bench-'));
  const pools = { tenant: openPool({ engine, image }), job: openPool({ engine, image }) };
  try {
    // Without an image this says so; later it would only be a guard that did not block.
    (await pools.tenant.acquire('bench', 'tenant')).release();
    const contenders = (await writeGuards(folder)).flatMap((guard) => contendersOf(guard, pools));
    const seconds = await race(contenders, pools);
    report(machine, contenders, seconds);
  } finally {
    await Promise.all([pools.tenant.drain(), pools.job.drain()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function race(contenders: readonly Contender[], pools: Readonly<Record<Isolation, Pool>>): Promise<number> {
  const rounds = options.quick === true ? 8 : 40;
  for (const contender of contenders.filter((one) => one.everyRounds === 1))
    for (let call = 0; call < warmUpCalls; call++) await contender.call();
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round) % contenders.length];
      if (contender === undefined || round % contender.everyRounds !== 0) continue;
      await settle(pools);
      interrupt.signal.throwIfAborted();
      await take(contender);
    }
  }
  return (performance.now() - started) / 1000;
}

async function take({ call, rest, callsPerTurn, times }: Contender): Promise<void> {
  await call();
  for (let count = 0; count < callsPerTurn; count++) {
    await rest();
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
}

function contendersOf(guard: Guard, pools: Readonly<Record<Isolation, Pool>>): Contender[] {
  const inPool = (isolation: Isolation) => () => sandboxed(guard.hook, pools[isolation], isolation);
  const row = (method: string, gapMs: number, call: () => Promise<unknown>, everyRounds = 1): Contender => ({
    guard: guard.hook.name,
    method,
    gap: `${gapMs} ms`,
    everyRounds,
    callsPerTurn: everyRounds === 1 ? 3 : jobCallsPerTurn,
    rest: () => (gapMs === 0 ? Promise.resolve() : sleep(gapMs)),
    call,
    times: [],
  });
  const gaps = [0, 30].flatMap((gapMs) => [
    row('bare', gapMs, () => bare(guard)),
    row('hookpool tenant', gapMs, inPool('tenant')),
    row('hookpool job', gapMs, inPool('job'), jobEveryRounds),
  ]);
  const refilled = { ...row('hookpool job', 0, inPool('job'), jobEveryRounds), gap: 'refilled', rest: () => settle(pools) };
  return [...gaps, refilled];
}

/** The script as a child process of Node, no sandbox: context on stdin, wait until its pipes are closed. */
function bare({ command, file }: Guard): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [file], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (bytes) => {
      said += bytes;
    });
    child.stderr.on('data', (bytes) => {
      said += bytes;
    });
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.on('close', (code) =>
      said.includes('not permitted') ? resolve() : reject(new Error(`The bare guard ended with ${code}: ${said}`)),
    );
    child.stdin.end(context);
  });
}

async function sandboxed(hook: Hook, pool: Pool, isolation: Isolation): Promise<void> {
  const { dialect } = hooks;
  const request = { dialect, hooks: [hook], context, tenant: 'bench', isolation };
  const { decision, cause } = await evaluate(request, (job, signal) => execute(pool, job, signal));
  if (decision === 'block' && cause?.kind !== 'fail-mode') return;
  throw new Error(`The sandboxed guard did not block: ${JSON.stringify(cause)}`);
}

async function writeGuards(folder: string): Promise<Guard[]> {
  return Promise.all(
    hooks.hooks.map(async ({ hook }) => {
      const runtime = hook.script?.runtime ?? 'bash';
      const file = path.join(folder, runtime);
      await writeFile(file, hook.script?.source ?? '');
      return { hook, file, command: runtime === 'bash' ? 'bash' : python };
    }),
  );
}

/** Until no pool creates a sandbox and each has a blank one. */
async function settle(pools: Readonly<Record<Isolation, Pool>>): Promise<void> {
  await sleep(pauseMs);
  const giveUp = performance.now() + 30_000;
  while (Object.values(pools).some((pool) => pool.stats().creating > 0 || pool.stats().blank === 0)) {
    if (performance.now() > giveUp) throw new Error('The pools were not refilled within 30 s.');
    await sleep(1);
  }
}

function report(machine: Machine, contenders: readonly Contender[], seconds: number): void {
  const cells: Cell[] = contenders.map(({ guard, method, gap, times }) => ({ guard, method, gap, ...summarize(times) }));
  printCells({ machine, seconds, cells }, options.json === true);
}
