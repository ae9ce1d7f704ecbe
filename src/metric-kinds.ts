/** The three kinds of metrics, in a registry that the caller gives. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const seconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
];

/** A histogram of seconds. */
export function histogram<T extends string>(
  registry: Registry,
  name: string,
  help: string,
  by: T[] = [],
) {
  return new Histogram({ name, help, labelNames: by, buckets: seconds, registers: [registry] });
}

/** A counter with a small, known set of labels. */
export function counter<T extends string>(
  registry: Registry,
  name: string,
  help: string,
  by: T[] = [],
) {
  return new Counter({ name, help, labelNames: by, registers: [registry] });
}

/** A gauge whose value is read at each scrape. */
export function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}
