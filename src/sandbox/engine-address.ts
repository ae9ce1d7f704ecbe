/** The forms of DOCKER_HOST, which dockerode reads itself, that no call can succeed with. */
import Docker from 'dockerode';
import { messageOf, UnavailableError } from '../errors.ts';
import type { EngineAddress } from './attach.ts';

const forms = 'Write unix:///PATH/OF/SOCKET or tcp://HOST:PORT.';

/**
 * A client for the engine that DOCKER_HOST or the default socket names.
 * @throws UnavailableError `ENGINE_DOWN` for a DOCKER_HOST that is no address.
 */
export function openClient(): Docker {
  try {
    return new Docker();
  } catch (error) {
    const message = `DOCKER_HOST cannot be read (${messageOf(error)}). ${forms}`;
    throw new UnavailableError('ENGINE_DOWN', message, { cause: error });
  }
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
