/**
 * The address of a page of the console: `#/page/parts?query`. All filters stand in it, so that a page
 * can be reloaded, kept and sent to somebody else. The part behind # never reaches a server.
 */

export interface Route {
  /** The parts of the path, decoded; empty: the overview. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** Reads `#/a/b?c=d`. A part that is no valid percent encoding stays as it is. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return {
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decoded),
    query: new URLSearchParams(query),
  };
}

/** The address of a page, for links. Empty values are left out of the query. */
export function hrefOf(
  path: readonly string[],
  query: Iterable<readonly [string, string]> = [],
): string {
  const search = new URLSearchParams();
  for (const [name, value] of query) if (value !== '') search.append(name, value);
  const text = search.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
