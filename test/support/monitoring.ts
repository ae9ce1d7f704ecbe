/** What the alerts and the dashboard ask Prometheus for. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

/** The expressions of all alerts and panels. */
export function expressions(): readonly string[] {
  const { groups } = parse(read('deploy/prometheus/hookpool.rules.yaml'));
  const { panels } = JSON.parse(read('deploy/grafana/hookpool.json'));
  const listed = [...groups.flatMap((group: { rules: unknown }) => group.rules)].concat(
    panels.flatMap(({ targets = [] }) => targets),
  );
  return listed.map(({ expr }: { readonly expr: string }) => expr);
}

/** The metrics of an expression, with the labels that it matches or keeps of them. */
export function asked(expr: string): { readonly name: string; readonly labels: string[] }[] {
  const kept = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(/,\s*/));
  return [...expr.matchAll(/\b(hookpool_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', matchers = '']) => ({
      name,
      labels: [...kept, ...[...matchers.matchAll(/(\w+)\s*[!=]/g)].map(([, label = '']) => label)],
    }),
  );
}
