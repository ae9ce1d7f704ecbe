/**
 * Every event of the guards through hookpool, twice: first in a sandbox that has to be created, then
 * again in the one that is there. Then the hooks of the other types, whose judge and services are a
 * stand-in on this machine (demo/asked.mjs). Compares the decisions with those that the test files
 * expect (hookpool test compares all the rest, too).
 *
 * Run it: node --import=tsx examples/demo.mjs
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { evaluate, execute, openPool, parseHooksFile, UnavailableError } from '../src/index.ts';
import { askedExamples } from './demo/asked.mjs';
import { oneLine, paint, table } from './demo/print.mjs';

const folder = import.meta.dirname;
const examples = ['sre-safety-guard', 'audit-trail', 'completion-marker', 'shell-command-guard'];
const exitCodes = { ok: 0, mismatch: 1, unavailable: 75, interrupted: 130 };

const header = ['CASE', 'HOOK', 'DECISION', 'STATUS', 'COLD ms', 'WARM ms', 'REASON'];
const numberColumns = [4, 5];

const counts = { created: 0, destroyed: 0 };
/** Why there are no sandboxes, when there are none. */
let unavailable;
// No blank sandboxes in advance, so that the first pass is cold; room for all, so that none is
// evicted.
const pool = openPool({ image: process.env.HOOKPOOL_IMAGE, warm: 0, max: 64, observe });

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

try {
  const cases = await loadCases();
  const first = await pass(cases);
  const again = await pass(cases);
  await pool.drain();
  const lines = cases.flatMap((one, at) => rows(one, first[at], again[at]));
  console.log(table(header, lines, numberColumns));
  console.log(`${summary(cases, first, again)}\n`);
  const asked = await askedExamples(interrupt.signal);
  const mismatches = cases
    .flatMap((one, at) => [...compare(one, first[at]), ...compare(one, again[at])])
    .concat(asked);
  console.log();
  for (const mismatch of mismatches) console.log(paint(mismatch, 'mismatch'));
  if (mismatches.length === 0) console.log(paint('Every decision is the expected one.', 'ok'));
  process.exitCode = mismatches.length === 0 ? exitCodes.ok : exitCodes.mismatch;
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exitCode = exitCodes.interrupted;
  } else if (error instanceof UnavailableError) {
    console.error(`${error.message} (${error.code})`);
    process.exitCode = exitCodes.unavailable;
  } else {
    throw error;
  }
} finally {
  await pool.drain();
}

function observe(event) {
  if (event.type in counts) counts[event.type]++;
  if (event.type === 'create-failed' && event.error instanceof UnavailableError)
    unavailable ??= event.error;
}

/** The cases of every example, each with its hooks and its context. */
async function loadCases() {
  const loaded = await Promise.all(
    examples.map((example) => loadExample(path.join(folder, example))),
  );
  // A tenant of its own means a sandbox of its own.
  return loaded
    .flat()
    .map((one, at) => ({ ...one, request: { ...one.request, tenant: `demo-${at}` } }));
}

async function loadExample(example) {
  const file = path.join(example, 'hooks.yaml');
  const set = parseHooksFile(file, await readFile(file, 'utf8'));
  const hooks = set.hooks.map(({ hook }) => hook);
  const { cases } = parse(await readFile(path.join(example, 'hooks.hooktest.yaml'), 'utf8'));
  return Promise.all(
    cases.map(async ({ name, event, context, contextFile, expect }) => {
      const bytes =
        contextFile === undefined
          ? Buffer.from(JSON.stringify({ hook_event_name: event, ...context }))
          : await readFile(path.join(example, contextFile));
      return {
        name,
        expected: expect.decision,
        hooks,
        request: { dialect: set.dialect, hooks, context: bytes, event },
      };
    }),
  );
}

async function pass(cases) {
  const decisions = [];
  for (const { request } of cases) {
    decisions.push(
      await evaluate(request, (job, signal) =>
        execute(pool, job, AbortSignal.any([signal, interrupt.signal])),
      ),
    );
    interrupt.signal.throwIfAborted();
    if (unavailable !== undefined) throw unavailable;
  }
  return decisions;
}

function compare({ name, expected }, actual) {
  if (actual.decision === expected) return [];
  return [
    `${name}: expected ${expected}, got ${actual.decision} ${oneLine(actual.reason ?? '')}`.trimEnd(),
  ];
}

/** One row per hook that ran, one for each that a block made unnecessary. */
function rows({ name }, cold, warm) {
  const ran = warm.results.map((result, at) => [
    name,
    result.hook,
    paint(result.decision),
    result.facts === null
      ? 'not run'
      : `${result.facts.status} ${result.facts.exitCode ?? ''}`.trim(),
    cold.results[at]?.durations.totalMs.toFixed(1) ?? '',
    result.durations.totalMs.toFixed(1),
    oneLine(result.reason ?? ''),
  ]);
  const skipped = warm.skipped.map((hook) => [name, hook, 'skipped', '', '', '', '']);
  return [...ran, ...skipped];
}

function summary(cases, first, again) {
  const medians = ['bash', 'python3'].map((runtime) => {
    const runs = again.flatMap(({ results }, at) =>
      results.filter(({ hook }) => runtimeOf(cases[at], hook) === runtime),
    );
    return `${runtime} ${median(runs.map(({ durations }) => durations.totalMs)).toFixed(1)} ms`;
  });
  return [
    `${first.length + again.length} evaluations`,
    `warm p50: ${medians.join(', ')}`,
    `sandboxes: ${counts.created} created, ${counts.destroyed} destroyed`,
  ].join(' · ');
}

function runtimeOf({ hooks }, name) {
  return hooks.find((hook) => hook.name === name)?.action.script?.runtime;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
