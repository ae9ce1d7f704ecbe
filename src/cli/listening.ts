/** Addresses that a command listens on. */
import type { FastifyInstance } from 'fastify';
import { InvalidInputError, messageOf } from '../errors.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** @throws InvalidInputError `INVALID_USAGE` */
export function readAddress(text: string): Address {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare === '' || Number(port) > 65_535 || (bare.includes(':') && bare === host)) {
    throw new InvalidInputError(
      'INVALID_USAGE',
      `The address "${text}" must be HOST:PORT, an IPv6 address in brackets.`,
    );
  }
  return { host: bare, port: Number(port) };
}

/** @returns the URL. @throws InvalidInputError `INVALID_CONFIG`; the application is closed then. */
export async function listen(app: FastifyInstance, address: Address): Promise<string> {
  try {
    return await app.listen(address);
  } catch (error) {
    await app.close();
    throw new InvalidInputError('INVALID_CONFIG', `Cannot listen: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
