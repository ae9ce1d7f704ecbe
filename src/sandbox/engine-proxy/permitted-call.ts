/**
 * Allow-list of the calls that engine.ts and attach.ts send. Paths are compared as they were sent,
 * without decoding, so that proxy and engine cannot read them differently (escapes, dot segments);
 * queries are compared by their decoded parameters and not forwarded.
 */
import { sandboxLabel } from '../spec.ts';
import { Refused } from './refused.ts';

export type Verb =
  | 'ping'
  | 'info'
  | 'version'
  | 'image'
  | 'list'
  | 'create'
  | 'attach'
  | 'start'
  | 'remove';

export interface Call {
  readonly verb: Verb;
  /** Container id; empty for verbs that name no container. */
  readonly id: string;
}

export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

interface Route {
  readonly verb: Verb;
  readonly method: string;
  /** `{id}`: 64 hexadecimal digits; `{image}`: a configured image. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

const routes: readonly Route[] = [
  { verb: 'ping', method: 'GET', path: '/_ping', query: {} },
  { verb: 'ping', method: 'HEAD', path: '/_ping', query: {} },
  { verb: 'info', method: 'GET', path: '/info', query: {} },
  { verb: 'version', method: 'GET', path: '/version', query: {} },
  { verb: 'image', method: 'GET', path: '/images/{image}/json', query: {} },
  {
    verb: 'list',
    method: 'GET',
    path: '/containers/json',
    query: { all: 'true', filters: JSON.stringify({ label: [`${sandboxLabel}=1`] }) },
  },
  { verb: 'create', method: 'POST', path: '/containers/create', query: {} },
  {
    verb: 'attach',
    method: 'POST',
    path: '/containers/{id}/attach',
    query: { stream: '1', stdin: '1', stdout: '1', stderr: '1' },
  },
  { verb: 'start', method: 'POST', path: '/containers/{id}/start', query: {} },
  {
    verb: 'remove',
    method: 'DELETE',
    path: '/containers/{id}',
    query: { force: 'true', v: 'true' },
  },
];

/** The permitted calls, for the message of a refusal. */
const allowed = routes
  .map(({ method, path, query }) => `${method} ${path}${showQuery(query)}`)
  .join(', ');

/** @throws Refused with 403 and what is permitted */
export function permittedCall(request: RequestHead, images: readonly string[]): Call {
  const { method, url = '', headers } = request;
  const [, target = '', query = ''] =
    /^(?:\/v\d\.\d{1,3})?(\/[^?#]*)(?:\?([^#]*))?$/.exec(url) ?? [];
  for (const route of routes) {
    if (route.method !== method) continue;
    const id = matchPath(route.path, target, images);
    if (id === undefined) continue;
    requireQuery(route, query);
    requireForm(route.verb, headers);
    return { verb: route.verb, id };
  }
  throw new Refused(403, `This engine proxy permits only ${allowed}.`);
}

/** @returns the id or image, empty where the path has none; undefined when it does not match. */
function matchPath(pattern: string, target: string, images: readonly string[]): string | undefined {
  if (pattern === '/images/{image}/json')
    return images.find((image) => target === `/images/${image}/json`);
  const [before = '', after] = pattern.split('{id}');
  if (after === undefined) return target === pattern ? '' : undefined;
  if (!target.startsWith(before) || !target.endsWith(after)) return undefined;
  const id = target.slice(before.length, target.length - after.length);
  return /^[0-9a-f]{64}$/.test(id) ? id : undefined;
}

function requireQuery({ path, query }: Route, sent: string): void {
  const wanted = canonical(Object.entries(query));
  if (canonical([...new URLSearchParams(sent)]) === wanted) return;
  throw new Refused(
    403,
    `This engine proxy permits ${path} only with ${showQuery(query) || 'no query'}.`,
  );
}

function canonical(pairs: [string, string][]): string {
  return JSON.stringify(pairs.toSorted(([a], [b]) => Number(a > b) - Number(a < b)));
}

/**
 * Requires an upgrade for attach and refuses it for all other calls; refuses a body for all calls
 * but create.
 */
function requireForm(verb: Verb, headers: RequestHead['headers']): void {
  if ((headers['upgrade'] !== undefined) !== (verb === 'attach')) {
    throw new Refused(
      403,
      'This engine proxy permits an upgrade of the connection for attach, and attach only so.',
    );
  }
  const length = headers['content-length'];
  const hasBody =
    headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  if (hasBody && verb !== 'create')
    throw new Refused(403, 'This engine proxy permits a body for /containers/create only.');
}

function showQuery(query: Route['query']): string {
  const text = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return text.length === 0 ? '' : `?${text.join('&')}`;
}
