/** Http hooks and their jobs, for tests of messages and of the outbound queue. */
import { azure } from '../../src/agents/azure/dialect.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { HttpAction } from '../../src/protocol/http-action.ts';
import type { Job } from '../../src/protocol/job.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';
import { bytes, sampleHook } from '../protocol/samples.ts';

export interface HttpHookChanges extends Partial<Omit<Hook, 'action'>> {
  readonly url?: string;
  readonly action?: Partial<HttpAction>;
}

export function httpHook({ url, action, ...over }: HttpHookChanges = {}): Hook<HttpAction> {
  const address = parseRequestUrl(url ?? 'https://policy.test/v1/check?k=v');
  return {
    ...sampleHook({ name: 'policy', timeoutMs: 5_000, failMode: 'block', ...over }),
    action: { kind: 'http', url: address, headers: {}, retries: 0, settings: {}, ...action },
  };
}

export function httpJob(over: Partial<Job<HttpAction>> = {}): Job<HttpAction> {
  return {
    dialect: azure,
    hook: httpHook(),
    tenant: 'acme',
    isolation: 'tenant',
    context: bytes('{"tool_name":"Bash"}'),
    transcript: undefined,
    ...over,
  };
}
