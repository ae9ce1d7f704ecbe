/**
 * The secrets of an operator, each bound to tenants and hosts: who writes a hook chooses a name and
 * an address, and gets the value to no other address. Values are in no message and no record.
 */
import { z } from 'zod';
import { InvalidInputError, OutboundError } from '../errors.ts';
import { isHeaderValue } from '../protocol/request-headers.ts';
import { shown } from '../protocol/shown.ts';
import { hasHost, hostPattern, isFor, tenantPattern } from './targets.ts';

export const secretSchema = z
  .strictObject({
    keyFile: z.string().min(1).optional(),
    keyEnv: z.string().min(1).optional(),
    tenants: z.array(tenantPattern).min(1, 'must name a tenant, or "*"'),
    hosts: z.array(hostPattern).min(1, 'must name a host'),
  })
  .refine(({ keyFile, keyEnv }) => (keyFile === undefined) !== (keyEnv === undefined), {
    message: 'needs either keyFile or keyEnv',
  });

export type SecretEntry = z.infer<typeof secretSchema>;

/** Where the values are; `undefined`: there is none. */
export interface SecretSources {
  readonly readFile: (file: string) => Promise<string>;
  readonly variable: (name: string) => string | undefined;
}

const mostCharacters = 4_096;

export class Secrets {
  readonly #entries: ReadonlyMap<string, SecretEntry>;
  readonly #values: ReadonlyMap<string, string>;

  private constructor(entries: Readonly<Record<string, SecretEntry>>, values: Map<string, string>) {
    this.#entries = new Map(Object.entries(entries));
    this.#values = values;
  }

  /**
   * Reads all values.
   * @throws InvalidInputError `INVALID_CONFIG` naming the secret that has none.
   */
  static async load(
    entries: Readonly<Record<string, SecretEntry>>,
    sources: SecretSources,
  ): Promise<Secrets> {
    const values = new Map<string, string>();
    for (const [name, entry] of Object.entries(entries)) {
      // Editors end a file with a line break, which no header can hold.
      values.set(name, checked(name, (await readValue(name, entry, sources)).trim()));
    }
    return new Secrets(entries, values);
  }

  /** @throws OutboundError `SECRET_MISSING` where it is not for this tenant and host. */
  valueFor(name: string, tenant: string, host: string): string {
    const entry = this.#entries.get(name);
    const value = this.#values.get(name);
    if (entry !== undefined && value !== undefined && isFor(entry, tenant) && hasHost(entry, host))
      return value;
    // One text for all causes: a tenant must not learn the names of other tenants' secrets.
    throw new OutboundError(
      'SECRET_MISSING',
      `There is no secret "${shown(name)}" for tenant ${tenant} and host ${host}: the operator has to give it in the targets file.`,
    );
  }
}

async function readValue(
  name: string,
  { keyFile, keyEnv = '' }: SecretEntry,
  { readFile, variable }: SecretSources,
): Promise<string> {
  if (keyFile === undefined) return variable(keyEnv) ?? '';
  try {
    return await readFile(keyFile);
  } catch (error) {
    throw new InvalidInputError(
      'INVALID_CONFIG',
      `The secret ${shown(name)} cannot be read: ${shown(keyFile)} is no file that this process may read.`,
      { cause: error },
    );
  }
}

function checked(name: string, value: string): string {
  const fault =
    value === ''
      ? 'is empty or not set'
      : value.length > mostCharacters
        ? `has more than ${mostCharacters} characters`
        : isHeaderValue(value)
          ? undefined
          : 'has several lines or characters beyond ASCII, which no header can hold';
  if (fault === undefined) return value;
  throw new InvalidInputError('INVALID_CONFIG', `The secret ${shown(name)} ${fault}.`);
}
