/** The targets that an operator allows: an http hook whose address is none of them does not run. */
import { z } from 'zod';
import { OutboundError } from '../errors.ts';
import { plainNamePattern } from '../protocol/limits.ts';
import { hostHeader, type RequestUrl } from '../protocol/request-url.ts';
import { AddressRules, networkProblem } from './addresses.ts';

/** A host, or `*.` and a domain of which all hosts are meant. */
export const hostPattern = z
  .string()
  .regex(
    /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$|^[0-9a-f:]*:[0-9a-f:]*$/,
    'must be a host such as policy.example.com, or *.example.com for all hosts below a domain; lower case, without port and brackets',
  );

export const tenantPattern = z
  .string()
  .refine(
    (text) => text === '*' || plainNamePattern.test(text),
    'must be the name of a tenant, or "*" for all',
  );

const megabyte = 1 << 20;
const bytes = (most: number) => z.int().min(1).max(most);

export const targetSchema = z.strictObject({
  hosts: z.array(hostPattern).min(1, 'must name a host'),
  /** Default: 443, or with `plain` also 80. */
  ports: z.array(z.int().min(1).max(65_535)).min(1).optional(),
  /** Whether http:// is allowed beside https://. */
  plain: z.boolean().default(false),
  /** The paths below this one. */
  path: z
    .string()
    .regex(/^\/[^?#]*$/, 'must begin with a slash')
    .default('/'),
  /** Networks that are not public and that this target may be in. */
  private: z
    .array(
      z.string().superRefine((text, { addIssue }) => {
        const problem = networkProblem(text);
        if (problem !== undefined) addIssue(problem);
      }),
    )
    .default([]),
  /** Whether answers over http:// may approve, rewrite and override. Those over https:// may. */
  trusted: z.boolean().default(false),
  tenants: z.array(tenantPattern).min(1, 'must name a tenant, or "*"'),
  /** PEM file of the authorities that are trusted for this target. Default: the public ones. */
  caFile: z.string().min(1).optional(),
  requestBytes: bytes(16 * megabyte).default(9 * megabyte),
  answerBytes: bytes(10 * megabyte).default(megabyte),
  /** The most seconds of one request, whatever the hook's timeout is. */
  timeout: z.number().positive().max(600).optional(),
});

export type TargetEntry = z.infer<typeof targetSchema>;

export interface Target {
  readonly name: string;
  readonly rules: AddressRules;
  readonly ca: string | undefined;
  readonly trusted: boolean;
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly timeoutMs: number;
}

interface Entry {
  readonly target: Target;
  readonly entry: TargetEntry;
}

export class Targets {
  readonly #entries: readonly Entry[];

  /** @param cas the contents of the `caFile`s, by their names. */
  constructor(
    entries: Readonly<Record<string, TargetEntry>>,
    cas: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#entries = Object.entries(entries).map(([name, entry]) => ({
      entry,
      target: {
        name,
        rules: new AddressRules(entry.private),
        ca: entry.caFile === undefined ? undefined : cas.get(entry.caFile),
        trusted: entry.trusted,
        requestBytes: entry.requestBytes,
        answerBytes: entry.answerBytes,
        timeoutMs: entry.timeout === undefined ? Infinity : entry.timeout * 1000,
      },
    }));
  }

  /**
   * The first target that has this address and this tenant.
   * @throws OutboundError `TARGET_NOT_ALLOWED`
   */
  find(url: RequestUrl, tenant: string): Target {
    const found = this.#entries.find(({ entry }) => isFor(entry, tenant) && hasUrl(entry, url));
    if (found !== undefined) return found.target;
    throw new OutboundError(
      'TARGET_NOT_ALLOWED',
      `No target allows ${url.isTls ? 'https' : 'http'}://${hostHeader(url)} with this path for tenant ${tenant}: the operator has to name it in the targets file.`,
    );
  }
}

/** Whether something that names tenants is for this one. */
export function isFor(
  { tenants }: { readonly tenants: readonly string[] },
  tenant: string,
): boolean {
  return tenants.includes('*') || tenants.includes(tenant);
}

/** Whether one of the patterns means the host. */
export function hasHost({ hosts }: { readonly hosts: readonly string[] }, host: string): boolean {
  return hosts.some((pattern) =>
    pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern,
  );
}

/** Where a target is. */
export interface TargetPlace {
  readonly hosts: readonly string[];
  readonly ports?: readonly number[] | undefined;
  readonly plain: boolean;
  readonly path: string;
}

/** Each time that a path is decoded; more are left to the server. */
const mostDecodings = 4;

/**
 * Whether a server that decodes a path again, takes `\\` for a slash or cuts `;…` would leave a folder.
 * Plain `..` and `%2e%2e` are gone when an address is parsed.
 */
function maySayUp(path: string): boolean {
  let text = path;
  for (let n = 0; n < mostDecodings; n++)
    text = text.replace(/%([0-9a-f]{2})/gi, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return text.split(/[/\\]/).some((segment) => /^\.\.(?![\w.-])/.test(segment));
}

/** Whether the target is at this address. */
export function hasUrl(entry: TargetPlace, { isTls, host, port, path }: RequestUrl): boolean {
  const { plain, ports = plain ? [443, 80] : [443], path: prefix } = entry;
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`;
  return (
    (isTls || plain) &&
    ports.includes(port) &&
    hasHost(entry, host) &&
    (path === prefix || path.startsWith(folder)) &&
    (folder === '/' || !maySayUp(path))
  );
}
