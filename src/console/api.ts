/** Requests to the API of the server that sent this page. */
import { loginNeeded, tenant, token } from './session.ts';

/** What the API says is wrong, or why no answer came (status 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly pointer: string;
  readonly problems: readonly Problem[];

  constructor(status: number, said: Said) {
    super(said.message ?? `The server answered with status ${status}.`);
    this.status = status;
    this.code = said.code ?? 'UNKNOWN';
    this.pointer = said.pointer ?? '';
    this.problems = said.problems ?? [];
  }
}

interface Said {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly pointer?: string | undefined;
  readonly problems?: readonly Problem[] | undefined;
}

/** A problem in a text that was sent, by line and column from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Asked {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly query?: Iterable<readonly [string, string]>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with its content type. */
  readonly text?: { readonly type: string; readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * @returns the JSON of the answer.
 * @throws ApiError for every answer that is none of 2xx
 */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  const response = await send(path, asked);
  const type = response.headers.get('content-type') ?? '';
  return (type.includes('json') ? await response.json() : await response.text()) as T;
}

/** As `ask`, for an answer whose headers are needed, or that is read while it arrives. */
export async function send(path: string, asked: Asked): Promise<Response> {
  const { method = 'GET', body, text, headers, signal } = asked;
  const content = text ?? (body === undefined ? undefined : jsonOf(body));
  const response = await fetch(addressOf(path, asked.query), {
    method,
    headers: {
      ...(token.value === '' ? {} : { authorization: `Bearer ${token.value}` }),
      ...(content === undefined ? {} : { 'content-type': content.type }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content.text }),
    ...(signal === undefined ? {} : { signal }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, { code: 'UNREACHABLE', message: 'The server does not answer.' });
  });
  if (response.ok) return response;
  throw await errorOf(response);
}

async function errorOf(response: Response): Promise<ApiError> {
  if (response.status === 401) loginNeeded.value = true;
  const answer: unknown = await response.json().catch(() => undefined);
  return new ApiError(response.status, (answer as { error?: Said } | undefined)?.error ?? {});
}

/** The body of an evaluation, for the tenant that was chosen. */
export function ofTenant<T extends object>(body: T): T & { readonly tenant?: string } {
  return tenant.value === '' ? body : { ...body, tenant: tenant.value };
}

function jsonOf(body: unknown): { type: string; text: string } {
  return { type: 'application/json', text: JSON.stringify(body) };
}

function addressOf(path: string, query: Iterable<readonly [string, string]> = []): string {
  const search = new URLSearchParams();
  for (const [name, value] of query) if (value !== '') search.append(name, value);
  if (tenant.value !== '' && !search.has('tenant')) search.set('tenant', tenant.value);
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
