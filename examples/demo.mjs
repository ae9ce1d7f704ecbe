/**
 * Every event of every example through hookpool, twice: first in a sandbox that has to be created,
 * then again in the one that is there. Compares the decisions with those that the test files expect
 * (hookpool test compares all the rest, too).
 *
 * Run it after a build: node examples/demo.mjs
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { evaluate, execute, openPool, parseHooksFile, UnavailableError } from '../dist/index.js';

const folder = import.meta.dirname;
const examples = ['sre-safety-guard', 'audit-trail', 'completion-marker', 'shell-command-guard'];
const exitCodes = { ok: 0, mismatch: 1, unavailable: 75, interrupted: 130 };
const terminal = process.stdout.isTTY === true;

const header = ['CASE', 'HOOK', 'DECISION', 'STATUS', 'COLD ms', 'WARM ms', 'REASON'];
const numberColumns = [4, 5];
const colours = { block: 31, ask: 33, allow: 32 };

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
  console.log(table([header, ...cases.flatMap((one, at) => rows(one, first[at], again[at]))]));
  console.log(summary(cases, first, again));
  const mismatches = cases.flatMap((one, at) => [
    ...compare(one, first[at]),
    ...compare(one, again[at]),
  ]);
  for (const mismatch of mismatches) console.log(paint(mismatch, 31));
  if (mismatches.length === 0) console.log(paint('Every decision is the expected one.', 32));
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
    paint(result.decision, colours[result.decision]),
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
  return hooks.find((hook) => hook.name === name)?.script?.runtime;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Columns as wide as their widest cell; the last one is cut to what is left of the line. */
function table(lines) {
  const columns = terminal ? process.stdout.columns : 160;
  const widths = header.map((_, column) =>
    Math.max(...lines.map((line) => visible(line[column]).length)),
  );
  const room = Math.max(
    12,
    columns - widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0),
  );
  const format = (cell, column) => {
    if (column === header.length - 1)
      return cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
    const gap = ' '.repeat(widths[column] - visible(cell).length);
    return numberColumns.includes(column) ? gap + cell : cell + gap;
  };
  return `${lines.map((line) => line.map(format).join('  ').trimEnd()).join('\n')}\n`;
}

function paint(text, colour) {
  return terminal && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

function visible(text) {
  return text.replace(/\p{Cc}\[\d+m/gu, '');
}

/** What a script printed, made safe for a terminal. */
function oneLine(text) {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
