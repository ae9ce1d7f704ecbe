/**
 * The examples whose hooks ask a judge or a service, and those that are functions: every case whose
 * answers a healthy judge and service would give, over real connections to the stand-in on this
 * machine. The cases of failures are left to `hookpool test`, which plays them.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSuites } from '../../src/cli/hook-tests/load-suites.ts';
import { openJudges } from '../../src/cli/judges.ts';
import { openHttpHooks } from '../../src/cli/outbound.ts';
import { evaluate, execute, InvalidHooksError, openPool, runScript } from '../../src/index.ts';
import { startStandIn, usualPort } from '../stand-in/server.mjs';
import { oneLine, paint } from './print.mjs';

const examples = path.join(import.meta.dirname, '..');
const files = [
  ['Governance of an SRE agent in one incident', 'incident.hooktest.yaml'],
  ['A judge that searches the transcript', 'tests-passed/hooks.hooktest.yaml'],
  ['Services that are asked and told', 'file-writes/hooks.hooktest.yaml'],
  ["AgentPool's functions", 'agentpool-project/agent.hooktest.yaml'],
];
/** The files that name the address of the stand-in. */
const addressed = ['stand-in/judges.json', 'stand-in/targets.json', 'file-writes/hooks.yaml'];

/**
 * Runs the cases and prints what was decided and why.
 * @param signal ends it, and makes it throw.
 * @returns a line for each decision that is not the expected one.
 */
export async function askedExamples(signal) {
  let told = [];
  const pool = openPool({ image: process.env.HOOKPOOL_IMAGE, warm: 1, max: 2 });
  const standIn = await startStandIn(0, (url, body) => {
    if (url === '/audit') told.push(body);
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'hookpool-demo-'));
  try {
    await copyExamples(folder, standIn.port);
    const run = await openRunner(folder, pool, signal);
    console.log(`The judge and the services are examples/stand-in on port ${standIn.port}.`);
    const mismatches = [];
    for (const [title, file] of files) {
      console.log(`\n${title} (examples/${file})`);
      for (const one of await casesOf(path.join(folder, file))) {
        told = [];
        const decision = await run(one);
        signal.throwIfAborted();
        console.log(describe(one, decision, told));
        if (decision.decision !== one.expect.decision)
          mismatches.push(`${one.name}: expected ${one.expect.decision}, got ${decision.decision}`);
      }
    }
    return mismatches;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await standIn.close();
    await pool.drain();
  }
}

/** A copy of the examples that names a free port: the usual one may be taken. */
async function copyExamples(folder, port) {
  await cp(examples, folder, { recursive: true });
  for (const name of addressed) {
    const file = path.join(folder, name);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(String(usualPort), String(port)));
  }
}

/** Evaluates a case as `hookpool run` does with these two files of an operator. */
async function openRunner(folder, pool, signal) {
  process.env.HOOKPOOL_JUDGES_FILE = path.join(folder, 'stand-in/judges.json');
  process.env.HOOKPOOL_TARGETS_FILE = path.join(folder, 'stand-in/targets.json');
  const [judges, http] = [await openJudges(), await openHttpHooks()];
  const judge = judges({ runScript: (script, abort) => runScript(pool, script, abort) });
  const run = (job, abort) => execute(pool, job, AbortSignal.any([abort, signal]));
  return ({ request }) => evaluate({ ...request, tenant: 'demo-asked' }, run, { http, judge });
}

async function casesOf(file) {
  const { suites, problems } = await loadSuites([file]);
  if (problems.length > 0) throw new InvalidHooksError(problems);
  return suites.flatMap(({ cases }) => cases).filter(isAnswered);
}

/** Whether the case plans no failure of a judge or a service. */
function isAnswered({ judges, targets, expect }) {
  if (expect.cause === 'HTTP_BODY') return false;
  const answers = [...Object.values(judges), ...Object.values(targets)];
  return answers.every((answer) => Object.keys(answer).every((key) => /^(says|body)$/.test(key)));
}

/** The decision with its reason, then what each hook did. */
function describe({ name, request }, decision, told) {
  const why = decision.reason ?? decision.additionalContext;
  const lines = [
    `  ${paint(decision.decision.padEnd(5), decision.decision)}  ${decision.event}: ${name}`,
    ...(why === undefined ? [] : [`           ${oneLine(why)}`]),
    ...decision.results.map((result) => `         - ${hookLine(result, request.hooks)}`),
    ...decision.skipped.map((hook) => `         - ${hook}: not run, an earlier hook decided`),
    ...told.map((body) => `         - the audit service was told ${JSON.stringify(body)}`),
  ];
  return lines.join('\n');
}

function hookLine({ hook, decision, cause, asked, facts }, hooks) {
  const { action } = hooks.find(({ name }) => name === hook);
  const code = cause.kind === 'fail-mode' ? ` (${cause.code}: its failMode)` : '';
  // A function is a python3 script that calls it.
  const kind = action.script?.runtime ?? action.kind;
  const end = facts?.exitCode === undefined ? '' : `, exit code ${facts.exitCode}`;
  return `${hook} (${kind}${askedBy(asked) ?? end}): ${decision}${code}`;
}

function askedBy(asked) {
  if (asked === undefined) return undefined;
  if (!('judge' in asked)) return `, status ${asked.status} of ${asked.host}${asked.path}`;
  const tools = asked.tools.map(({ name, ms }) => `, ${name} in a sandbox ${ms.toFixed(0)} ms`);
  return `, judge ${asked.judge}, ${asked.calls} question${asked.calls === 1 ? '' : 's'}${tools.join('')}`;
}
