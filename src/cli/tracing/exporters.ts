/** Sends spans and log events to a collector, in batches, beside the work of the process. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ExportSettings, TracingSettings } from './environment.ts';
import type { LossReport } from './loss-report.ts';

/** Names of hooks, tenants and events are shorter; nobody can make a span larger than this. */
const attributeValueLengthLimit = 256;

/** @param losses told of what a collector did not take */
export function openTraces(
  settings: ExportSettings,
  { sampler, ratio }: TracingSettings,
  resource: Resource,
  losses: LossReport,
): TracerProvider {
  const exporter = new (settings.protocol === 'http/json' ? JsonTraces : ProtobufTraces)(
    wayTo(settings),
  );
  return new TracerProvider({
    resource,
    sampler: samplerOf(sampler, ratio),
    spanLimits: { attributeValueLengthLimit },
    spanProcessors: [
      new BatchSpanProcessor({ ...settings, exporter: losses.watch('spans', exporter) }),
    ],
  });
}

/** @param losses told of what a collector did not take */
export function openLogs(
  settings: ExportSettings,
  resource: Resource,
  losses: LossReport,
): LoggerProvider {
  const exporter = new (settings.protocol === 'http/json' ? JsonLogs : ProtobufLogs)(
    wayTo(settings),
  );
  return new LoggerProvider({
    resource,
    logRecordLimits: { attributeValueLengthLimit },
    processors: [
      new BatchLogRecordProcessor({ ...settings, exporter: losses.watch('log events', exporter) }),
    ],
  });
}

function wayTo({ url, headers, timeoutMs, compression, tls }: ExportSettings) {
  const isSecure = url.startsWith('https:');
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, ...tls })
    : new HttpAgent({ keepAlive: true });
  return {
    url,
    headers: { ...headers },
    timeoutMillis: timeoutMs,
    compression: compression as never,
    httpAgentOptions: () => agent,
  };
}

function samplerOf(name: TracingSettings['sampler'], ratio: number) {
  const root = name.endsWith('always_off')
    ? new AlwaysOffSampler()
    : name.endsWith('always_on')
      ? new AlwaysOnSampler()
      : new TraceIdRatioBasedSampler(ratio);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
