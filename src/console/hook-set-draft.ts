/** The stored text of a hook set, and the requests that check, try and store a new one. */
import type { CheckAnswer, HookSetDescription, TryAnswer } from '../server/api-types.ts';
import { ApiError, ask, send } from './api.ts';
import { firstHooks } from './samples.ts';

export interface StoredText {
  readonly text: string;
  /** Empty: there is no set of this name yet. */
  readonly etag: string;
  /** The content type under which it was stored. */
  readonly type: string;
  /** The query of its PUT: what the document does not say itself. */
  readonly query: readonly (readonly [string, string])[];
}

/** What a new set begins with. */
const beginning = `# Each hook reads the event as JSON on stdin. Exit code 2 blocks; stderr says why.
${firstHooks}`;

const yamlType = 'application/yaml';

export async function readSet(name: string, signal: AbortSignal): Promise<StoredText> {
  try {
    const response = await send(pathOf(name), { signal });
    const { headers } = response;
    const query = [...new URLSearchParams(headers.get('x-hookpool-query') ?? '')];
    const type = headers.get('content-type')?.split(';')[0] ?? yamlType;
    return { text: await response.text(), etag: headers.get('etag') ?? '', type, query };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    return { text: beginning, etag: '', type: yamlType, query: [] };
  }
}

/** Checks without storing. `isWhole`: also by the interpreters, which need a sandbox. */
export function checkText(
  stored: StoredText,
  text: string,
  { isWhole, signal }: { isWhole: boolean; signal: AbortSignal },
): Promise<CheckAnswer> {
  const query = isWhole ? stored.query : [...stored.query, ['syntax', 'false'] as const];
  return ask<CheckAnswer>('/v1/check', {
    method: 'POST',
    query,
    text: { type: stored.type, text },
    signal,
  });
}

/** Which kept evaluations the new text would have run other hooks for. */
export function tryText(
  name: string,
  stored: StoredText,
  text: string,
  signal: AbortSignal,
): Promise<TryAnswer> {
  return ask<TryAnswer>(`${pathOf(name)}/try`, {
    method: 'POST',
    query: stored.query,
    text: { type: stored.type, text },
    signal,
  });
}

/** @throws ApiError 412 when somebody else has stored another version meanwhile */
export function storeText(
  name: string,
  stored: StoredText,
  text: string,
): Promise<HookSetDescription> {
  return ask<HookSetDescription>(pathOf(name), {
    method: 'PUT',
    query: stored.query,
    text: { type: stored.type, text },
    headers: stored.etag === '' ? { 'if-none-match': '*' } : { 'if-match': stored.etag },
  });
}

export async function removeSet(name: string, { etag }: StoredText): Promise<void> {
  await ask(pathOf(name), { method: 'DELETE', headers: { 'if-match': etag } });
}

export function pathOf(name: string): string {
  return `/v1/hooksets/${encodeURIComponent(name)}`;
}
