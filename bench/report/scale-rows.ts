/** Scale curves, the model and its fit, as rows of text. */
import { verdictOf } from '../scale/curve.ts';
import {
  type Constants,
  type HookCost,
  machinePerSecond,
  type Plan,
  planFor,
} from '../scale/model.ts';
import type { Curve } from '../scale/results.ts';
import { figure } from './table.ts';

const loads = [1_000, 10_000, 100_000] as const;

/** Returns one row per series: its points, its exponent, and whether the exponent is expected. */
export function curveRows(curve: Curve): string[][] {
  const xs = curve.series[0]?.points.map(({ x }) => x) ?? [];
  const head = [`${curve.y} at ${curve.x}`, ...xs.map(xText), 'exponent', ''];
  const body = curve.series.map((series) => {
    const { exponent, asExpected } = verdictOf(series);
    const values = series.points.map(({ y }) => figure(y));
    return [
      series.name,
      ...values,
      figure(exponent),
      asExpected ? 'as expected' : `steeper than ${series.most}`,
    ];
  });
  return [head, ...body];
}

export function costRows({ costs }: Constants): string[][] {
  const head = [
    'CPU ms per hook',
    'server',
    'Redis',
    'worker',
    'sandbox and engine',
    'client',
    'sum',
  ];
  const body = costs.map((cost) => {
    const parts = [cost.serverMs, cost.redisMs, cost.workerMs, cost.sandboxMs, cost.clientMs];
    return [cost.guard, ...parts.map(figure), figure(parts.reduce((sum, part) => sum + part, 0))];
  });
  return [head, ...body];
}

export function planRows(constants: Constants): string[][] {
  const head = [
    'guard',
    'hooks/s',
    'cores for sandboxes',
    'workers',
    'servers',
    'Redis',
    'with one of each, short of',
  ];
  return [
    head,
    ...constants.costs.flatMap((cost) =>
      loads.map((load) => planRow(cost, planFor(load, cost, constants))),
    ),
  ];
}

/** Compares the model's rate for this machine with the measured rate. */
export function fitRows(constants: Constants): string[][] {
  const body = constants.measured.flatMap(({ guard, workers, perSecond }) => {
    const cost = constants.costs.find((one) => one.guard === guard);
    if (cost === undefined) return [];
    const predicted = machinePerSecond(cost, constants.cores, workers);
    return [
      [
        guard,
        String(workers),
        figure(predicted),
        figure(perSecond),
        `${Math.round((perSecond / predicted) * 100)} %`,
      ],
    ];
  });
  return [['guard', 'workers', 'model, hooks/s', 'measured, hooks/s', 'measured / model'], ...body];
}

function planRow({ guard }: HookCost, plan: Plan): string[] {
  const { perSecond, workerCores, workers, servers, redisShards, bottleneck } = plan;
  return [
    guard,
    ...[perSecond, workerCores, workers, servers, redisShards].map((count) =>
      count.toLocaleString('en-US'),
    ),
    bottleneck,
  ];
}

function xText(x: number): string {
  return Number(x.toFixed(1)).toLocaleString('en-US');
}
