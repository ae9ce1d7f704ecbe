/**
 * The measured combinations, as data. The full cross product would take an hour and be redundant,
 * so each question has its own block:
 * - latency: every guard and contender, one caller, rests of 0 and 30 ms;
 * - callers: 2, 8 and 32 at once without a rest, for contenders that start in under 30 ms, and 8 at
 *   once for all;
 * - load: 8 callers that send half of the contender's maximum rate: the tail latency below
 *   saturation;
 * - context: 64 KiB and 1 MiB, one caller, for bare, hookpool in this process and hookpool over
 *   HTTP;
 * - programs: bash + jq and node beside a bare start of the image's own programs;
 * - refill: isolation `job` with a rest until a blank sandbox is ready.
 */
import { floorName } from '../contenders/floor.ts';
import { type GuardName, guardNames, nodeGuardName } from '../guards.ts';

/**
 * For the node guard: the next node of a sandbox starts while nothing runs, and has not started
 * within 30 ms.
 */
export const nodeRest = 200;

/**
 * Pause between calls: a number of ms; until blank sandboxes are ready, and 30 ms; or the pause for
 * half of the maximum rate.
 */
export type Rest = 0 | 30 | typeof nodeRest | 'refilled' | 'half load';

export interface Cell {
  readonly guard: GuardName;
  readonly method: string;
  readonly rest: Rest;
  readonly callers: number;
  readonly contextBytes: number;
  /** Number of calls in a full run. */
  readonly calls: number;
}

export const kib = 1024;
export const smallContext = kib;
const [python, jq, builtins] = guardNames;

/** Contenders that take a few milliseconds, and calls of each in the latency block. */
const quick = [
  'bare spawn',
  'bubblewrap',
  'hookpool tenant',
  'hookpool queue',
  'hookpool HTTP + queue',
];
const quickCalls = 100;
const slow: Readonly<Record<string, number>> = {
  'runc run': 20,
  'docker exec': 20,
  'bridge (sh)': 20,
  'bridge (node)': 20,
  dockerode: 8,
  'docker run --rm': 8,
};

export function wholeMatrix(): Cell[] {
  return [...latency(), ...programs(), ...callers(), ...load(), ...context(), ...refill()];
}

/** The cells from which the targets are computed. */
export function targetMatrix(): Cell[] {
  const needed = new Set([
    'bare spawn',
    'bare spawn (image)',
    'hookpool tenant',
    'hookpool tenant (full)',
    'hookpool job',
    'hookpool HTTP + queue',
    'docker run --rm',
    floorName,
  ]);
  return wholeMatrix().filter(
    ({ guard, method, callers, contextBytes, rest }) =>
      needed.has(method) &&
      contextBytes === smallContext &&
      (callers === 1 || callers === 8) &&
      (guard !== jq || (callers === 1 && rest === 30 && method !== 'hookpool HTTP + queue')) &&
      (method !== 'docker run --rm' || (guard === python && rest === 30 && callers === 1)) &&
      (method !== 'hookpool job' || (guard === python && rest === 'refilled')),
  );
}

function latency(): Cell[] {
  return guardNames.flatMap((guard) =>
    ([30, 0] as const).flatMap((rest) => {
      const cell = (method: string, calls: number): Cell => ({
        guard,
        method,
        rest,
        callers: 1,
        contextBytes: smallContext,
        calls,
      });
      // For a start of half a second a rest makes no difference.
      const others = Object.entries(slow).filter(
        ([, calls]) => guard === python || (rest === 30 && calls > 8),
      );
      return [
        ...quick.map((method) => cell(method, quickCalls)),
        ...others.map(([method, calls]) => cell(method, calls)),
        cell('hookpool job', 6),
        // The floor runs no guard, so it is measured for one guard only.
        ...(guard === python ? [cell(floorName, quickCalls)] : []),
      ];
    }),
  );
}

function programs(): Cell[] {
  const cell = (guard: GuardName, method: string): Cell => {
    const rest = guard === nodeGuardName ? nodeRest : 30;
    return { guard, method, rest, callers: 1, contextBytes: smallContext, calls: quickCalls };
  };
  const ofNode = ['bare spawn', 'bare spawn (image)', 'hookpool tenant (full)'];
  return [
    ...[jq, builtins].map((guard) => cell(guard, 'bare spawn (image)')),
    ...ofNode.map((method) => cell(nodeGuardName, method)),
  ];
}

function callers(): Cell[] {
  const base = { rest: 0, contextBytes: smallContext } as const;
  const many = [python, builtins].flatMap((guard) =>
    [2, 8, 32].flatMap((count) =>
      quick.map((method) => ({
        ...base,
        guard,
        method,
        callers: count,
        calls: count < 8 ? 100 : 400,
      })),
    ),
  );
  const withJq = quick.map((method) => ({
    ...base,
    guard: jq,
    method,
    callers: 8,
    calls: 160,
  }));
  const slowOnes = Object.entries(slow).map(([method, calls]) => ({
    ...base,
    guard: python,
    method,
    callers: 8,
    calls: calls > 8 ? 40 : 16,
  }));
  return [...many, ...withJq, ...slowOnes];
}

/** Runs after the block `callers`, which measures the maximum rate of each contender. */
function load(): Cell[] {
  const base = { rest: 'half load', callers: 8, contextBytes: smallContext, calls: 400 } as const;
  return [python, builtins].flatMap((guard) =>
    ['hookpool tenant', 'hookpool HTTP + queue'].map((method) => ({ ...base, guard, method })),
  );
}

function context(): Cell[] {
  const methods = ['bare spawn', 'hookpool tenant', 'hookpool HTTP + queue'];
  return guardNames.flatMap((guard) =>
    [64, 1024].flatMap((size) =>
      methods.map((method) => {
        // `read` takes a pipe byte by byte: 1 MiB is half a second of work, with and without a
        // sandbox.
        const calls = guard === builtins && size === 1024 ? 3 : 20;
        return { guard, method, rest: 30, callers: 1, contextBytes: size * kib, calls } as const;
      }),
    ),
  );
}

function refill(): Cell[] {
  return [python, builtins].flatMap((guard) =>
    ['hookpool tenant', 'hookpool job'].map(
      (method) =>
        ({
          guard,
          method,
          rest: 'refilled',
          callers: 1,
          contextBytes: smallContext,
          calls: 30,
        }) as const,
    ),
  );
}
