/** The hook of an http job in the queue: its request, and how the answer is read. */
import { z } from 'zod';
import { attempted } from '../errors.ts';
import type { Hook } from '../protocol/hook.ts';
import type { HttpAction } from '../protocol/http-action.ts';
import {
  retriesSchema,
  secretNameSchema,
  statusesSchema,
  verdictSchema,
} from '../protocol/http-schemas.ts';
import { headerProblems } from '../protocol/request-headers.ts';
import { parseRequestUrl, requestUrlText } from '../protocol/request-url.ts';
import { payloadProblem } from '../protocol/template.ts';
import { outboundHookShape, outboundShape, toHookFields } from './outbound-shape.ts';
import { invalidJob } from './text.ts';

const httpHookSchema = z.strictObject({
  ...outboundHookShape,
  /** The worker parses it anew and looks at what came out, never at this text. */
  url: z.string(),
  /** `${secret:NAME}` stands for a secret of the worker; no value is in a message. */
  headers: z.record(z.string(), z.string()),
  /** JSON with placeholders. Absent: the context is sent byte for byte. */
  payload: z.unknown().optional(),
  /** Absent: the answer is read like stdout. */
  verdict: verdictSchema.optional(),
  statuses: statusesSchema.optional(),
  sign: secretNameSchema.optional(),
  retries: retriesSchema,
});

export const httpMessageSchema = z.strictObject({
  ...outboundShape,
  kind: z.literal('http'),
  hook: httpHookSchema,
});

type HttpHookMessage = z.infer<typeof httpHookSchema>;

export function toHttpHook(hook: Hook<HttpAction>): HttpHookMessage {
  const { url, headers, payload, verdict, statuses, sign, retries } = hook.action;
  return {
    ...toHookFields(hook),
    url: requestUrlText(url),
    headers: { ...headers },
    ...(payload === undefined ? {} : { payload }),
    // A file or a message gave it: it is JSON.
    ...(verdict === undefined ? {} : { verdict: verdict as HttpHookMessage['verdict'] }),
    ...(statuses === undefined ? {} : { statuses: { ...statuses } }),
    ...(sign === undefined ? {} : { sign }),
    retries,
  };
}

/**
 * The action as a file would have given it: any program may have added the message.
 * @throws InvalidInputError `INVALID_JOB` naming the field and never its text, which may hold a
 * secret.
 */
export function readHttpAction(hook: HttpHookMessage): HttpAction {
  const { headers, payload, verdict, statuses, sign, retries } = hook;
  const { value: url } = attempted(() => parseRequestUrl(hook.url));
  if (url === undefined) throw invalidJob('hook.url: no address of a request');
  if (headerProblems(headers).length > 0)
    throw invalidJob('hook.headers: headers that a hook cannot send');
  if (payload !== undefined && payloadProblem(payload) !== undefined)
    throw invalidJob('hook.payload: not what a hook can send');
  // The order is that of a file's action: it is part of the idempotency key.
  return {
    ...{ kind: 'http', url, headers, payload, verdict, statuses, sign, retries },
    settings: {},
  };
}
