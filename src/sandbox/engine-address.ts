/** Where the container engine is: DOCKER_HOST in the forms that the docker command line reads. */
import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import path from 'node:path';
import { messageOf, UnavailableError } from '../errors.ts';

/** A socket of this machine, or a host; `ssh` and an empty host are refused by checkAddress(). */
export interface EngineAddress {
  readonly socketPath?: string | undefined;
  readonly protocol?: 'http' | 'https' | 'ssh' | undefined;
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

const forms = 'Write unix:///PATH/OF/SOCKET or tcp://HOST:PORT.';
const windowsPipe = '//./pipe/docker_engine';
/** The port of an engine that asks for TLS, by Docker's convention. */
const tlsPort = '2376';

/**
 * The engine that DOCKER_HOST or the default socket names, with the certificates of
 * DOCKER_CERT_PATH for a host.
 * @throws UnavailableError `ENGINE_DOWN` for a DOCKER_HOST that is no address, and for certificates
 * that cannot be read.
 */
export function engineAddress(env: NodeJS.ProcessEnv = process.env): EngineAddress {
  const written = env['DOCKER_HOST'] ?? '';
  if (written === '') return { socketPath: defaultSocket() };
  const [, scheme, socketPath = ''] = /^(unix|npipe):\/\/(.*)$/s.exec(written) ?? [];
  if (scheme !== undefined) return { socketPath: socketPath || defaultSocket() };
  try {
    return hostOf(new URL(written.includes('//') ? written : `tcp://${written}`), env);
  } catch (error) {
    const message = `DOCKER_HOST cannot be read (${messageOf(error)}). ${forms}`;
    throw new UnavailableError('ENGINE_DOWN', message, { cause: error });
  }
}

function hostOf({ protocol, hostname, port }: URL, env: NodeJS.ProcessEnv): EngineAddress {
  const isTls = env['DOCKER_TLS_VERIFY'] === '1' || port === tlsPort;
  const other = protocol === 'ssh:' ? 'ssh' : 'http';
  const folder = env['DOCKER_CERT_PATH'] ?? '';
  const read = (name: string) => readFileSync(path.join(folder, name));
  return {
    protocol: isTls ? 'https' : other,
    // A URL has an IPv6 address in brackets, which no look-up of a name takes.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? undefined : port,
    ...(folder === '' ? {} : { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }),
  };
}

/** Docker Desktop has its socket in the home folder. */
function defaultSocket(): string {
  if (process.platform === 'win32') return windowsPipe;
  const own = path.join(homedir(), '.docker/run/docker.sock');
  return existsSync(own) ? own : '/var/run/docker.sock';
}

/** @throws UnavailableError `ENGINE_DOWN` for ssh, and for a path without a scheme. */
export function checkAddress({ protocol, host, socketPath }: EngineAddress): void {
  if (protocol === 'ssh')
    throw new UnavailableError(
      'ENGINE_DOWN',
      `DOCKER_HOST=ssh://… is not supported: forward the socket. ${forms}`,
    );
  if (host === '' && socketPath === undefined)
    throw new UnavailableError(
      'ENGINE_DOWN',
      `DOCKER_HOST names no host: a path needs unix:// before it. ${forms}`,
    );
}

/** The options of a request that say where it goes. */
export function connectionOf(address: EngineAddress): RequestOptions {
  const { socketPath, host, port, ca, cert, key } = address;
  if (socketPath !== undefined) return { socketPath };
  return { host, port, ...(address.protocol === 'https' ? { ca, cert, key } : {}) };
}
