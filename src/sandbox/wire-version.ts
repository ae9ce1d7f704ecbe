/**
 * Checks the protocol version of a supervisor: its image may be older or newer than the worker if
 * HOOKPOOL_IMAGE names one.
 */
import { UnavailableError } from '../errors.ts';

/**
 * WIRE_VERSION (sandbox-images/supervisor/wire.h) of the supervisors that frame-reader.ts
 * understands.
 */
export const wireVersion = 3;

/**
 * Checks the version in the first READY, whose payload is `version=` and a number.
 * @throws UnavailableError `IMAGE_MISMATCH` when the supervisor, and so its image, is of another
 * release.
 */
export function checkVersion(payload: Buffer): void {
  const version = /^version=(\d{1,9})$/m.exec(payload.toString('latin1'))?.[1];
  if (version !== undefined && Number(version) === wireVersion) return;
  throw new UnavailableError(
    'IMAGE_MISMATCH',
    `The supervisor in the sandbox image speaks version ${version ?? '(none)'} of the control protocol, this hookpool ` +
      `version ${wireVersion}: build the image of this release (\`hookpool image --build\`), or let HOOKPOOL_IMAGE name it.`,
  );
}
