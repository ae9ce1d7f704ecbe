/**
 * Tracing for an operator who asks for it by the variables of OpenTelemetry. Its packages are
 * loaded only then: without it, an evaluation costs one comparison with undefined more, and a run of a
 * hook nothing.
 */
import { version } from '../version.ts';
import { readTracingSettings } from './environment.ts';
import type { Tracing } from './tracing.ts';

/**
 * @param service name of this process to the collector, where the operator gives none
 * @param onError told, at most once a minute, why spans or log events are lost
 * @returns undefined where no variable asks for tracing
 * @throws InvalidInputError `INVALID_CONFIG` for a variable that cannot be used
 */
export async function openTracing(
  service: string,
  onError: (error: Error) => void,
): Promise<Tracing | undefined> {
  const settings = readTracingSettings();
  if (settings === undefined) return undefined;
  const { OpenTelemetry } = await import('./open-telemetry.ts');
  return new OpenTelemetry(settings, { service, version: version(), onError });
}
