/** The address of an http hook, parsed once: its text is never looked at again. */

import { InvalidInputError } from '../errors.ts';
import { parseUrl } from '../parse-url.ts';

export interface RequestUrl {
  readonly isTls: boolean;
  /** Lower case, without a final dot, without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Begins with a slash; without the query. */
  readonly path: string;
  /** The query with its question mark, or empty. It may hold a secret: never shown. */
  readonly search: string;
}

const mostCharacters = 2_048;

/**
 * @throws InvalidInputError `INVALID_HOOKS` with what is wrong and never the text: a query may hold
 * a secret.
 */
export function parseRequestUrl(text: string): RequestUrl {
  if (text.length > mostCharacters) throw wrong(`has more than ${mostCharacters} characters`);
  const url = parseUrl(text);
  if (url === undefined) throw wrong('is no address: write one such as https://host/path');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw wrong('must begin with https:// (or http:// where the target says so)');
  if (url.username !== '' || url.password !== '')
    throw wrong('has a user or a password in it: send a secret in a header');
  if (url.hash !== '')
    throw wrong('has a fragment, which is never sent: remove the # and the rest');
  const isTls = url.protocol === 'https:';
  return {
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    path: url.pathname,
    search: url.search,
  };
}

/** The value of the Host header. */
export function hostHeader({ isTls, host, port }: RequestUrl): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (isTls ? 443 : 80) ? name : `${name}:${port}`;
}

/** The address that parseRequestUrl() reads as this one. It may hold a secret: never shown. */
export function requestUrlText(url: RequestUrl): string {
  return `${shownUrl(url)}${url.search}`;
}

/** The address without its query, for messages and records. */
export function shownUrl(url: RequestUrl): string {
  return `${url.isTls ? 'https' : 'http'}://${hostHeader(url)}${url.path}`;
}

function wrong(what: string): InvalidInputError {
  return new InvalidInputError('INVALID_HOOKS', `url ${what}.`);
}
