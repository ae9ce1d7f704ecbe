/**
 * The names of recorded answers: the SHA-256 of what is asked, without keys, header values and
 * anything else that differs from one call to the next.
 */
import { hash } from 'node:crypto';
import type { HttpAction } from '../../protocol/http-action.ts';
import type { Job } from '../../protocol/job.ts';
import { renderPayload } from '../../protocol/template.ts';

/** Of the keys' form: a new number makes all recorded answers unknown. */
const version = 1;
/** The marks around the data, which are new for each question. Data has no `<`: see fence.ts. */
const firstMark = /<data ([0-9a-f]{32}) NAME>/;
const noMark = '0'.repeat(32);
/** In place of `${timestamp}` in payloads. */
const noTime = '2000-01-01T00:00:00.000Z';

/**
 * @param model the judge as the hook names it.
 * @param body of the request, with the policy, the data and what its server is held to.
 */
export function judgeKey(model: string, format: string, body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  const [, mark] = firstMark.exec(text) ?? [];
  return keyOf(['judge', model, format, mark === undefined ? text : text.replaceAll(mark, noMark)]);
}

/** The key of an http hook's request; it does not depend on values of secrets. */
export function targetKey({ hook: { action }, context }: Job<HttpAction>): string {
  const { isTls, host, port, path, search } = action.url;
  const text = new TextDecoder().decode(context);
  const { payload } = action;
  const body = payload === undefined ? text : renderPayload(payload, text, noTime).text;
  return keyOf(['target', String(isTls), host, String(port), path, search, body]);
}

function keyOf(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify([version, ...parts]), 'hex');
}
