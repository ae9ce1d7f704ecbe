/**
 * What an agent waits for, as data: from the start of the hook's command to its end.
 * - guards: each guard beside each bridge, context 1 KiB;
 * - contexts: the python guard with 64 KiB and 1 MiB;
 * - hooks: 4 and 16 hooks on one event, and 4 with 1 MiB.
 */
import { type GuardName, guardNames, nodeGuardName } from '../guards.ts';

export const bare = 'bare';
export const bareImage = "bare, the image's programs";
export const overHttpName = 'HTTP, queue';
export const backends = ['own pool', 'queue'] as const;
export const bridges = ['native', 'sh', 'node'] as const;

export interface FeltCell {
  readonly guard: GuardName;
  /** Hooks of the event. */
  readonly hooks: number;
  readonly contextBytes: number;
  readonly method: string;
  /** Number of calls in a full run. */
  readonly calls: number;
  readonly restMs: number;
}

const kib = 1024;
const mib = kib * kib;
const [python, jq, builtins] = guardNames;
/** The start of node takes so long that more calls would be half of the run. */
const nodeShare = 3;

export function bridgeName(
  bridge: (typeof bridges)[number],
  backend: (typeof backends)[number],
): string {
  return `bridge ${bridge}, ${backend}`;
}

export function feltMatrix(): FeltCell[] {
  return [
    ...[python, jq, builtins].flatMap((guard) => cells(guard, 1, kib, 60, [bareImage])),
    // A sandbox starts its next node after a job, and not within 30 ms.
    ...cells(nodeGuardName, 1, kib, 36, [bareImage]).map((cell) => ({ ...cell, restMs: 200 })),
    ...cells(python, 1, 64 * kib, 40, [overHttpName]),
    ...cells(python, 1, mib, 40, [overHttpName]),
    ...cells(python, 4, kib, 24, [overHttpName]),
    ...cells(python, 16, kib, 12, [overHttpName]),
    ...cells(python, 4, mib, 12, [overHttpName]),
  ].filter(({ guard, method }) => guard !== python || method !== bareImage);
}

function cells(
  guard: GuardName,
  hooks: number,
  contextBytes: number,
  calls: number,
  more: readonly string[],
): FeltCell[] {
  const own = bridges.flatMap((bridge) =>
    backends.map((backend) => ({
      method: bridgeName(bridge, backend),
      calls: bridge === 'node' ? Math.ceil(calls / nodeShare) : calls,
    })),
  );
  const others = [bare, ...more].map((method) => ({ method, calls }));
  return [...others, ...own].map((cell) => ({
    ...cell,
    guard,
    hooks,
    contextBytes,
    restMs: 30,
  }));
}
