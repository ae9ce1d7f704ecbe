/** Compares what came of a run with what its entry expects. One line for each thing that broke. */

import { findDialect } from '../../src/agents/registry.ts';
import type { Failure, HookResult } from '../../src/protocol/decision.ts';
import { type FailMode, failModes } from '../../src/protocol/dialect.ts';
import type { RunResult } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { entriesOf } from '../support/state-packs.ts';
import { boundaryOf, breach } from './boundary.ts';
import type { Entry, Expectation } from './entry.ts';

export interface Outcome {
  readonly run: RunResult | Failure;
  readonly wallMs: number;
}

const azure = findDialect('azure');

export function judge(entry: Entry, { run, wallMs }: Outcome): string[] {
  const { expect } = entry;
  const own = boundaryOf(entry);
  const broken = failModes
    .flatMap((failMode) => decisionProblems(expect, run, decided(entry, run, failMode), failMode))
    .map((text) => breach('decision', text));
  const output = outputOf(run);
  if (expect.probe_output != null && !new RegExp(expect.probe_output).test(output)) {
    broken.push(
      breach(own, `printed ${quote(output)}, not ${expect.probe_output}; ${describe(run)}`),
    );
  }
  if (expect.exit != null && (!('status' in run) || run.exitCode !== expect.exit)) {
    broken.push(breach(own, `exit code is not ${expect.exit}: ${describe(run)}`));
  }
  if (expect.status !== undefined && (!('status' in run) || run.status !== expect.status)) {
    broken.push(breach(own, `did not end as ${expect.status}: ${describe(run)}`));
  }
  if (expect.left !== undefined && !new RegExp(expect.left).test(leftBy(run)))
    broken.push(breach(own, `left ${quote(leftBy(run))}, not ${expect.left}`));
  if (expect.max_wall_s !== undefined && wallMs > expect.max_wall_s * 1000) {
    broken.push(
      breach(
        'time limits',
        `answered after ${(wallMs / 1000).toFixed(2)} s, not within ${expect.max_wall_s} s`,
      ),
    );
  }
  return broken;
}

/** What a script that keeps a state left, or why it is not kept. */
function leftBy(run: RunResult | Failure): string {
  const state = 'status' in run ? run.state : undefined;
  if (state?.pack === undefined) return state?.refusal ?? 'nothing';
  const entries = Object.entries(entriesOf(state.pack)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries
    .map(([name, content]) => (content === null ? `${name}/` : `${name}=${content}`))
    .join();
}

/** What the script printed, without the white space around it. */
export function outputOf(run: RunResult | Failure): string {
  return 'status' in run ? Buffer.from(run.stdout).toString().trim() : '';
}

function decided(entry: Entry, run: RunResult | Failure, failMode: FailMode): HookResult {
  const hook = {
    name: 'probe',
    event: 'PreToolUse',
    tier: 'agent',
    action: { kind: 'command', script: { runtime: entry.interpreter, source: entry.script } },
    matcher: '*',
    matches: () => true,
    timeoutMs: (entry.timeout_s ?? 10) * 1000,
    failMode,
    sources: undefined,
    activation: 'always',
  } as const;
  return decide(azure, hook, run);
}

/**
 * In any case a run without an exit code of its own, or with output that is no result, must not
 * pass under failMode block: only silence with exit code 0 may, unless the entry expects an allow.
 */
function decisionProblems(
  expect: Expectation,
  run: RunResult | Failure,
  result: HookResult,
  failMode: FailMode,
): string[] {
  const { decision } = result;
  const failed = result.cause.kind === 'fail-mode';
  const passes = decision === 'allow' || decision === 'none';
  const silent =
    'status' in run && run.status === 'exited' && run.exitCode === 0 && run.stdoutTotalBytes === 0;
  const holds: Readonly<Record<Expectation['decision'], boolean>> = {
    allow: passes && !failed,
    none: decision === 'none' && !failed,
    block: decision === 'block' && !failed,
    ask: decision === 'ask' && !failed,
    error: failed,
    'not-allow': !passes || failed,
    any: true,
  };
  const problems: string[] = [];
  const told = `decision ${decision} (${JSON.stringify(result.cause).slice(0, 200)}) with failMode ${failMode}; ${describe(run)}`;
  if (!holds[expect.decision]) problems.push(`expected ${expect.decision}: ${told}`);
  // A rejection that can be read stands, whatever else was printed.
  const isRejection =
    decision === 'block' &&
    result.diagnostics.some(({ code }) => code === 'stricter-than-upstream');
  if (failed && decision !== failMode && !isRejection)
    problems.push(`failMode did not decide: ${told}`);
  const maySay = expect.decision === 'allow' || expect.decision === 'none';
  if (failMode === 'block' && passes && !silent && !maySay) problems.push(`passed: ${told}`);
  return problems;
}

function describe(run: RunResult | Failure): string {
  if (!('status' in run)) return `${run.code}: ${run.message}`;
  const stderr = Buffer.from(run.stderr.subarray(-200)).toString().trim();
  return `${run.status} ${run.exitCode ?? run.signal ?? ''}${stderr && `, stderr ${quote(stderr)}`}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}
