/** docs/benchmarks/scale.md and its picture, and the measured part of docs/scaling.md. */

import type { Constants } from '../scale/model.ts';
import type { Scale } from '../scale/results.ts';
import { provenance } from './pages.ts';
import { costRows, curveRows, fitRows, planRows } from './scale-rows.ts';
import { linePanel, svgOf } from './svg.ts';
import { figure, markdownTable } from './table.ts';

export function scalePage(scale: Scale): string {
  const parts = scale.curves.map(
    (curve) => `## ${curve.title}\n\n${markdownTable(curveRows(curve), 1)}\n\n${curve.why}`,
  );
  return `# How the cost grows

${provenance(scale)}

The exponent is that of the last three points with an x above 0: 0 is flat, 1 linear. \`npm run bench -- scale --write\`
makes this page.

![Cost by size](scale.svg)

${parts.join('\n\n')}
`;
}

export function scaleSvg({ curves, machine, date }: Scale): string {
  const panels = curves.map(({ title, x, y, series }) =>
    linePanel(
      title,
      x,
      y,
      series.map(({ name, points }) => ({ label: name, points })),
    ),
  );
  return svgOf(`How the cost grows, both scales logarithmic (${machine.cpus}, ${date})`, panels);
}

/** The tables of docs/scaling.md. */
export function scalingLines(scale: Scale, constants: Constants): string {
  return [
    `Measured on ${scale.date}, ${scale.machine.cpus}, ${scale.machine.engine}:`,
    markdownTable(costRows(constants), 1),
    markdownTable(otherRows(constants), 1),
    'What that means:',
    markdownTable(planRows(constants), 1),
    'The model against this machine, with client, server, Redis and workers all on it:',
    markdownTable(fitRows(constants), 1),
  ].join('\n\n');
}

function otherRows(constants: Constants): string[][] {
  const { readerServerMs, readerRedisMs, bytesPerWaitingJob, containerMib, shimMib } = constants;
  return [
    ['beside that', ''],
    [
      'CPU of a server for a hook of another server of the same Redis',
      `${figure(readerServerMs)} ms`,
    ],
    ['CPU of Redis for each further server, per hook', `${figure(readerRedisMs)} ms`],
    ['a waiting job in Redis, context of 1 KiB', `${figure(bytesPerWaitingJob / 1024)} KiB`],
    ['a warm container, its cgroup', `${figure(containerMib)} MiB`],
    ['a warm container, the engine beside it', `${figure(shimMib)} MiB`],
  ];
}
