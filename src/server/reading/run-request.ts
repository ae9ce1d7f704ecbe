/** The body of POST /v1/run as plain data, which a worker thread can send. */
import type { z } from 'zod';
import { type Body, readJson } from '../body.ts';
import { runBody } from '../request-schemas.ts';

export type RunRequestBody = z.infer<typeof runBody>;

/** @throws HttpError 400 or 415 with the pointer to the first field that cannot be used */
export function readRunRequest(body: Body): RunRequestBody {
  return readJson(runBody, body).value;
}
