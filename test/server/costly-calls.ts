import { expect } from 'vitest';
import { appUnderTest } from './app-under-test.ts';

export const kib = 1 << 10;

export const mib = 1 << 20;

/**
 * CPU time for a whole request; a few hundred were measured on a busy machine, and 15,000 before.
 */
export const mostMs = 2_000;

export type Sent = readonly [status: number, code: string, message: RegExp, pointer?: string];

export async function answerTo(
  payload: string,
  url = '/v1/evaluate',
  type = 'application/json',
  method: 'POST' | 'PUT' = 'POST',
) {
  const { app } = appUnderTest({ bodyLimitBytes: 20 * mib });
  const before = process.cpuUsage();
  const answer = await app.inject({ method, url, headers: { 'content-type': type }, payload });
  const { user, system } = process.cpuUsage(before);
  return {
    status: answer.statusCode,
    ms: (user + system) / 1_000,
    size: answer.body.length,
    error: answer.json().error,
  };
}

export async function expectRefused(
  sent: Promise<Awaited<ReturnType<typeof answerTo>>>,
  [status, code, message, pointer]: Sent,
) {
  const answer = await sent;
  expect(answer).toMatchObject({
    status,
    error: { code, message: expect.stringMatching(message) },
  });
  if (pointer !== undefined) expect(answer.error.pointer).toBe(pointer);
  expect(answer.ms).toBeLessThan(mostMs);
  expect(answer.size).toBeLessThan(64 * kib);
}
