/** What the errors of the engine's client mean, in hookpool's codes. */
import { messageOf, SandboxError, UnavailableError } from '../errors.ts';

/** The engine answered with a status that is not 2xx; the message has its reason. */
export class EngineRefusal extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, reason: string) {
    super(`${reason} (HTTP status ${statusCode})`);
    this.statusCode = statusCode;
  }
}

/** The HTTP status of an engine's refusal; undefined for every other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof EngineRefusal ? error.statusCode : undefined;
}

/** An engine proxy answers with 503 or 504 when its engine does not answer. */
export function isUnreachable(error: unknown): boolean {
  if ([503, 504].includes(statusOf(error) ?? 0)) return true;
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return ['ECONNREFUSED', 'ENOENT', 'EACCES', 'ECONNRESET', 'ENOTFOUND', 'EPIPE'].includes(code);
}

export function engineDown(cause: unknown): UnavailableError {
  const text = `No container engine answers (${messageOf(cause)}). Start it, or name its socket in DOCKER_HOST.`;
  return new UnavailableError('ENGINE_DOWN', text, { cause });
}

export function asSandboxError(
  code: 'CREATE_FAILED' | 'ATTACH_FAILED' | 'START_FAILED',
  error: unknown,
): Error {
  if (error instanceof UnavailableError || error instanceof SandboxError) return error;
  return new SandboxError(code, `The container engine refused: ${messageOf(error)}`, {
    cause: error,
  });
}
