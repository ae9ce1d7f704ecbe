/** The alerts and the dashboard name what a process of hookpool reports. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { judgeMetrics } from '../../src/cli/judge-metrics.ts';
import {
  evaluationMetrics,
  exposition,
  logMetrics,
  openRegistry,
  outboundGauges,
  poolGauges,
  poolMetrics,
  queueGauges,
  workerMetrics,
} from '../../src/metrics.ts';

const root = path.join(import.meta.dirname, '../..');
const rulesFile = 'deploy/prometheus/hookpool.rules.yaml';
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const rules: readonly Rule[] = parse(read(rulesFile)).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);
const panels: readonly Panel[] = JSON.parse(read('deploy/grafana/hookpool.json')).panels;
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** The names of a scrape of all tasks, with the labels of each. */
const series = new Map<string, readonly string[]>();

beforeAll(async () => {
  const registry = openRegistry('1.2.3');
  const queue = () => ({ workers: 0, capacity: 0, waiting: 0 });
  evaluationMetrics(registry, ['small']);
  logMetrics(registry, () => 0);
  poolMetrics(registry, ['small']);
  poolGauges(registry, () => ({ blank: 0, idle: 0, leased: 0, creating: 0, waiting: 0 }));
  queueGauges(registry, queue);
  outboundGauges(registry, queue);
  workerMetrics(registry, () => 0);
  judgeMetrics(registry);
  const text = await exposition(registry).render();
  expect(text).toContain('hookpool_build_info{version="1.2.3"} 1');
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const { labelNames } = registry.getSingleMetric(name) as unknown as { labelNames: string[] };
    if (type !== 'histogram') series.set(name, labelNames);
    else for (const part of ['bucket', 'sum', 'count']) series.set(`${name}_${part}`, labelNames);
  }
});

const named = (expr: string) => expr.match(/\bhookpool_\w+/g) ?? [];

test.each([
  ...rules.map(({ alert, expr }) => [alert, expr]),
  ...queries.map((expr) => ['panel', expr]),
])('%s asks for metrics and labels that there are: %s', (_, expr) => {
  expect(named(expr).length).toBeGreaterThan(0);
  expect(named(expr).filter((name) => !series.has(name))).toEqual([]);
  for (const [, name = '', matchers = ''] of expr.matchAll(/(hookpool_\w+)\{([^}]*)\}/g)) {
    const labels = [...matchers.matchAll(/(\w+)\s*[!=]/g)].map(([, label]) => label);
    expect(series.get(name)).toEqual(expect.arrayContaining(labels));
  }
  for (const [, by = '', inside = ''] of expr.matchAll(/by \(([^)]*)\) \((.*)\)/g)) {
    const labels = named(inside).flatMap((name) => series.get(name) ?? []);
    const known = ['le', ...labels];
    expect(known).toEqual(expect.arrayContaining(by.split(/,\s*/)));
  }
});

test('the causes that are no failMode are those of the metric', () => {
  const texts = [...rules.map(({ expr }) => expr), ...queries].filter((one) => /cause!~/.test(one));
  expect(texts).toHaveLength(2);
  for (const text of texts) expect(text).toContain('cause!~"none|output|exit-code"');
});

test('each alert has a name of its own, a severity and a sentence', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { labels, annotations } of rules) {
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary).toMatch(/\.$/);
  }
});

test('each panel has an id of its own, and the data source that its user chooses', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(queries.length).toBeGreaterThan(20);
  expect(read('deploy/grafana/hookpool.json')).not.toMatch(
    /"uid": "(?!\$\{datasource\}|hookpool")/,
  );
});

/** Debian's package prometheus has it. */
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

test.skipIf(!hasPromtool)('promtool accepts the alerts', () => {
  const told = execFileSync('promtool', ['check', 'rules', rulesFile], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(told).toContain(`${rules.length} rules found`);
});

test.skipIf(!hasPromtool)('the alerts speak for the series that they are for', () => {
  const file = 'test/deploy/hookpool-rules.test.yaml';
  const told = execFileSync('promtool', ['test', 'rules', file], { cwd: root, encoding: 'utf8' });
  expect(told).toContain('SUCCESS');
});
