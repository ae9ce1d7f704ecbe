/**
 * The speed targets of hookpool, as data: every target is a ratio or a difference within one run.
 */
import { floorName } from '../contenders/floor.ts';
import { guardNames, nodeGuardName } from '../guards.ts';
import { nodeRest } from '../side-by-side/matrix.ts';
import { type Measured, minus, p50, queueShare, rate, ratio, tail, worst } from './readings.ts';

export interface Target {
  readonly id: string;
  readonly text: string;
  readonly unit: '' | 'ms' | 'MiB';
  /** The target: the value must not exceed `most`, or must reach `least`. */
  readonly bound: { readonly most: number } | { readonly least: number };
  /** The range of noise: `share` of the baseline plus the constant `plus`. */
  readonly noise: { readonly share: number; readonly plus: number };
  /** @returns null if the value was not measured. */
  readonly measure: (measured: Measured) => number | null;
}

export type Verdict = 'holds' | 'misses' | 'not measured';

const [python, jq, builtins] = guardNames;
const rests = [30, 0] as const;
const noise = { share: 0.25, plus: 0 } as const;
const mib = 2 ** 20;

export const targets: readonly Target[] = [
  {
    id: 'python-latency',
    text: 'in process, tenant, python guard, rest 30 ms: p50 / bare python3',
    unit: '',
    bound: { most: 0.12 },
    noise,
    measure: (from) =>
      ratio(p50(from, 'hookpool tenant', python, 30), p50(from, 'bare spawn', python, 30)),
  },
  {
    id: 'bash-latency',
    text: 'in process, tenant, bash builtins guard: p50 / bare bash (the worse of both rests)',
    unit: '',
    bound: { most: 0.6 },
    noise,
    measure: (from) =>
      worst(
        rests.map((rest) =>
          ratio(
            p50(from, 'hookpool tenant', builtins, rest),
            p50(from, 'bare spawn', builtins, rest),
          ),
        ),
      ),
  },
  {
    id: 'node-latency',
    text: "in process, profile full, node guard, rest 200 ms: p50 / bare start of the image's node",
    unit: '',
    bound: { most: 0.15 },
    noise,
    measure: (from) =>
      ratio(
        p50(from, 'hookpool tenant (full)', nodeGuardName, nodeRest),
        p50(from, 'bare spawn (image)', nodeGuardName, nodeRest),
      ),
  },
  {
    id: 'jq-latency',
    text: "in process, tenant, bash + jq guard: p50 / bare bash with this machine's jq",
    unit: '',
    bound: { most: 0.25 },
    noise,
    measure: (from) => ratio(p50(from, 'hookpool tenant', jq, 30), p50(from, 'bare spawn', jq, 30)),
  },
  {
    id: 'same-jq-latency',
    text: "in process, tenant, bash + jq guard: p50 / bare start of the image's bash and jq",
    unit: '',
    bound: { most: 0.6 },
    noise,
    measure: (from) =>
      ratio(p50(from, 'hookpool tenant', jq, 30), p50(from, 'bare spawn (image)', jq, 30)),
  },
  {
    id: 'http-latency',
    text: 'HTTP + queue, python guard: p50 / bare python3 (the worse of both rests)',
    unit: '',
    bound: { most: 0.25 },
    noise,
    measure: (from) =>
      worst(
        rests.map((rest) =>
          ratio(
            p50(from, 'hookpool HTTP + queue', python, rest),
            p50(from, 'bare spawn', python, rest),
          ),
        ),
      ),
  },
  {
    id: 'queue-share',
    text: 'HTTP + queue, python guard: p50 - in-process p50 (the worse of both rests)',
    unit: 'ms',
    bound: { most: 2.5 },
    noise: { share: 0.25, plus: 0.3 },
    measure: (from) => worst(rests.map((rest) => queueShare(from, rest))),
  },
  {
    id: 'own-queue-share',
    text: 'of that difference, what is ours: without HTTP + BullMQ that run no hook (the worse of both rests)',
    unit: 'ms',
    bound: { most: 2.5 },
    noise: { share: 0.25, plus: 0.5 },
    measure: (from) =>
      worst(rests.map((rest) => minus(queueShare(from, rest), p50(from, floorName, python, rest)))),
  },
  {
    id: 'python-throughput',
    text: 'tenant, python guard, 8 callers: runs per second / bare spawn',
    unit: '',
    bound: { least: 5 },
    noise,
    measure: (from) =>
      ratio(rate(from, 'hookpool tenant', python), rate(from, 'bare spawn', python)),
  },
  {
    id: 'bash-throughput',
    text: 'tenant, bash builtins guard, 8 callers: runs per second / bare spawn',
    unit: '',
    bound: { least: 1 },
    noise,
    measure: (from) =>
      ratio(rate(from, 'hookpool tenant', builtins), rate(from, 'bare spawn', builtins)),
  },
  {
    id: 'job-latency',
    text: 'isolation job, arrivals below the refill rate, python guard: p50 - tenant p50',
    unit: 'ms',
    bound: { most: 1 },
    noise: { share: 0.25, plus: 0.5 },
    measure: (from) =>
      minus(
        p50(from, 'hookpool job', python, 'refilled'),
        p50(from, 'hookpool tenant', python, 'refilled'),
      ),
  },
  {
    id: 'job-rate',
    text: "isolation job, sustained: hooks per second / the engine's own create + start + remove",
    unit: '',
    bound: { least: 0.9 },
    noise,
    measure: ({ sideBySide: { jobRate } }) => ratio(jobRate.jobsPerSecond, jobRate.enginePerSecond),
  },
  {
    id: 'docker-run',
    text: 'docker run --rm, python guard, rest 30 ms: p50 / HTTP + queue p50',
    unit: '',
    bound: { least: 40 },
    noise,
    measure: (from) =>
      ratio(
        p50(from, 'docker run --rm', python, 30),
        p50(from, 'hookpool HTTP + queue', python, 30),
      ),
  },
  {
    id: 'container-memory',
    text: 'memory per idle warm container, whole cgroup (blank or used, the larger)',
    unit: 'MiB',
    bound: { most: 12 },
    noise: { share: 0.15, plus: 0 },
    measure: ({ sideBySide: { memory } }) =>
      Math.max(memory.blankContainerBytes, memory.usedContainerBytes) / mib,
  },
  {
    id: 'worker-memory',
    text: "a worker's memory after 100,000 hooks / after 1,000",
    unit: '',
    bound: { most: 1.1 },
    noise: { share: 0.1, plus: 0 },
    measure: ({ soak }) => (soak === null ? null : soak.ratio),
  },
  {
    id: 'tail',
    text: '8 callers at half load, tenant and HTTP + queue, python guard: p99 / p50 (the worse)',
    unit: '',
    bound: { most: 4 },
    noise: { share: 0.4, plus: 0 },
    measure: (from) =>
      worst(['hookpool tenant', 'hookpool HTTP + queue'].map((method) => tail(from, method))),
  },
];

export function verdictOf({ bound }: Pick<Target, 'bound'>, value: number | null): Verdict {
  if (value === null) return 'not measured';
  const holds = 'most' in bound ? value <= bound.most : value >= bound.least;
  return holds ? 'holds' : 'misses';
}
