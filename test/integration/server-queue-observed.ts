/** What an operator sees of a server and a worker: the spans of a collector, and a scrape of Prometheus. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { bridgeHere } from '../support/bridges.ts';
import type { Collector } from '../support/collector.ts';
import { asked, expressions } from '../support/monitoring.ts';
import type { RunningServer } from '../support/server.ts';

/** Where the worker answers probes. */
export function urlIn({ stderr }: ChildProcess): Promise<string> {
  const lines = createInterface({ input: stderr as NodeJS.ReadableStream });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const url = /(http:\S+) answers/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

/** An event of an agent that is traced, through bridge, server, queue and worker. */
export async function expectOneTrace(collector: Collector, server: RunningServer): Promise<void> {
  const hooks = { Stop: [{ hooks: [{ type: 'command', command: 'echo planted >&2; exit 2' }] }] };
  const put = await server.ask('PUT', '/v1/hooksets/traced?dialect=claude-code', { json: hooks });
  expect(put.status).toBe(201);
  const traceId = 'c0ffee'.padEnd(32, '1');
  const agent = 'a'.repeat(16);
  const answer = await bridgeHere({
    ...{ dialect: 'claude-code', server: server.url, hookset: 'traced' },
    context: JSON.stringify({ hook_event_name: 'Stop', prompt: 'planted' }),
    env: { TRACEPARENT: `00-${traceId}-${agent}-01`, TRACESTATE: 'a=b' },
  });
  expect(answer.stdout).toContain('planted');
  const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId);
  await expect.poll(() => ofTrace().length).toBe(3);
  const [evaluate, hook, run] = ['evaluate', 'hook', 'run'].map((name) =>
    ofTrace().find((span) => span.name === `hookpool.${name}`),
  );
  expect([evaluate?.parentSpanId, hook?.parentSpanId, run?.parentSpanId]).toEqual([
    agent,
    evaluate?.spanId,
    hook?.spanId,
  ]);
  expect([evaluate, hook, run].map((span) => span?.resource['service.name'])).toEqual([
    'hookpool-serve',
    'hookpool-serve',
    'hookpool-worker',
  ]);
  for (const span of [evaluate, hook, run])
    expect(span).toMatchObject({
      status: { code: 0 },
      attributes: { 'hookpool.decision': 'block' },
    });
  expect(run?.attributes).toMatchObject({ 'process.exit.code': 2, 'hookpool.profile': 'small' });
  await expect
    .poll(() => collector.events.filter((event) => event.traceId === traceId))
    .toMatchObject([{ eventName: 'hookpool.decision', severityText: 'WARN' }]);
  for (const { body } of collector.received) expect(body.includes('planted')).toBe(false);
}

/** Of outbound workers with judges only. */
const elsewhere = ['hookpool_judge_tokens_total'];
/** Counters without a series until something goes wrong. */
const quiet = ['hookpool_container_creation_failures_total'];

/** All that alerts and dashboard ask for is in what a server and a worker report. */
export async function expectAlertsAndPanels(server: RunningServer, probes: string): Promise<void> {
  const hooks = { Stop: [{ name: 'shadow', command: 'exit 0', shadow: true }] };
  const context = { hook_event_name: 'Stop' };
  await server.ask('POST', '/v1/evaluate', { json: { hooks, context } });
  await server.ask('POST', '/v1/run', { json: { script: 'exit 0', isolation: 'job' } });
  const scrape = async () => {
    const worked = await (await fetch(`${probes}/metrics`)).text();
    return `${(await server.ask('GET', '/metrics')).text}\n${worked}`;
  };
  await expect.poll(scrape).toMatch(/^hookpool_shadow_total\{/m);
  await expect.poll(scrape).toMatch(/^hookpool_containers_destroyed_total\{/m);
  const text = await scrape();
  const all = expressions().flatMap(asked);
  expect(all.length).toBeGreaterThan(40);
  for (const { name, labels } of all) {
    if (elsewhere.includes(name)) continue;
    const base = name.replace(/_(bucket|sum|count)$/, '');
    expect(
      [name, base].some((one) => text.includes(`# TYPE ${one} `)),
      name,
    ).toBe(true);
    if (quiet.includes(name)) continue;
    const series = new RegExp(`^${name}(?:\\{(.*)\\})? `, 'm').exec(text);
    expect(series, `a series of ${name}`).not.toBeNull();
    const has = [...(series?.[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label);
    expect(has, name).toEqual(expect.arrayContaining(labels));
  }
}
