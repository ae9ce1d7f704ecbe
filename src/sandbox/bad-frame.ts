/** The error for bytes of a supervisor that break the control protocol. */
import { SandboxError } from '../errors.ts';

export function badFrame(what: string): SandboxError {
  return new SandboxError('BAD_FRAME', `A supervisor broke the control protocol: ${what}.`);
}
