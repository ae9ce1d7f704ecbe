/** Answers to the proxy's callers, in the engine's own formats. */
import { STATUS_CODES } from 'node:http';
import { messageOf, UnavailableError } from '../../errors.ts';
import type { ContainerSummary, EngineInfo } from '../engine.ts';
import { Refused } from './refused.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export function answer(status: number, value?: unknown): Answer {
  return { status, body: value === undefined ? '' : JSON.stringify(value) };
}

/**
 * Converts an error into an answer as the engine would send it. 503 and 504 mean to the caller that
 * no engine answers.
 */
export function failure(error: unknown): Answer {
  return answer(statusOf(error), { message: messageOf(error) });
}

/** Formats an answer as raw HTTP, for a connection that Node's server no longer manages. */
export function rawAnswer({ status, body }: Answer): string {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json`;
  return `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}

/**
 * The fields of /info that Engine.info() reads; the engine's answer has far more about its host.
 */
export function infoBody(info: EngineInfo) {
  return {
    OperatingSystem: info.operatingSystem,
    CgroupVersion: info.cgroupVersion,
    DefaultRuntime: info.defaultRuntime,
    Runtimes: Object.fromEntries(info.runtimes.map((name) => [name, {}])),
    SecurityOptions: info.securityOptions,
    MemoryLimit: info.memoryLimit,
    SwapLimit: info.swapLimit,
    PidsLimit: info.pidsLimit,
  };
}

export function listBody(containers: readonly ContainerSummary[]) {
  return containers.map(({ id, state, createdAtMs, labels }) => ({
    Id: id,
    State: state,
    Created: createdAtMs / 1000,
    Labels: labels,
  }));
}

function statusOf(error: unknown): number {
  if (error instanceof Refused) return error.status;
  if (!(error instanceof UnavailableError)) return 500;
  if (error.code === 'IMAGE_MISSING') return 404;
  return error.code === 'ENGINE_TIMEOUT' ? 504 : 503;
}
