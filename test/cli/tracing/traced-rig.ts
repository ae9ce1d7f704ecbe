/** A collector, and servers under test that send to it. */
import { expect } from 'vitest';
import { readTracingSettings } from '../../../src/cli/tracing/environment.ts';
import { OpenTelemetry } from '../../../src/cli/tracing/open-telemetry.ts';
import type { HookResult } from '../../../src/protocol/decision.ts';
import type { CommandJob, RunCall } from '../../../src/protocol/job.ts';
import { appUnderTest, fakeRun, stopContext } from '../../server/app-under-test.ts';
import { Collector } from '../../support/collector.ts';

type Run = (job: CommandJob, signal: AbortSignal, call?: RunCall) => Promise<HookResult>;

export class TracedRig {
  readonly collector: Collector;
  readonly #open: OpenTelemetry[] = [];

  private constructor(collector: Collector) {
    this.collector = collector;
  }

  static async start(): Promise<TracedRig> {
    return new TracedRig(await Collector.start());
  }

  /** @param env variables besides those of the collector */
  tracing(
    env: Readonly<Record<string, string>> = {},
    onError: (error: Error) => void = () => undefined,
  ): OpenTelemetry {
    const settings = readTracingSettings({ ...this.collector.env, ...env });
    const process = { service: 'hookpool-serve', version: '1.2.3', onError };
    const tracing = new OpenTelemetry(settings ?? expect.unreachable(), process);
    this.#open.push(tracing);
    return tracing;
  }

  async close(): Promise<void> {
    for (const one of this.#open.splice(0)) await one.close();
    await this.collector.close();
  }
}

/** A server whose hooks run by `run`, within spans. @param queue undefined: in this process */
export function tracedApp(tracing: OpenTelemetry, run: Run = fakeRun, queue?: string) {
  const { app, records } = appUnderTest({
    traced: tracing.evaluation,
    backend: tracing.backend({ run } as never, queue),
  });
  const ask = async (hooks: object, headers = {}, over = {}) =>
    app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      headers,
      payload: { context: stopContext, hooks, ...over },
    });
  return { records, ask };
}
