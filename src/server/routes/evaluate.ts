/** POST /v1/evaluate: 200 whenever there is a decision, those of a failMode included. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Decision } from '../../protocol/decision.ts';
import { findDialect } from '../../protocol/dialects/registry.ts';
import { priorityOf, tenantOf } from '../auth.ts';
import { type ReadBody, readJson } from '../body.ts';
import type { ServerDeps } from '../deps.ts';
import { type Evaluator, storeTimeoutMs } from '../evaluator.ts';
import { HttpError, inField } from '../http-error.ts';
import { type EvaluateBody, evaluateBody } from '../schemas.ts';
import { hashed } from '../stored-hook-set.ts';
import type { HookDocument } from '../stores.ts';

export function evaluateRoutes(app: FastifyInstance, deps: ServerDeps, evaluator: Evaluator): void {
  app.post('/v1/evaluate', { config: { role: 'evaluate', heavy: true } }, async (request, reply) => {
    const startedAt = performance.now();
    const body = readJson(evaluateBody, request.body);
    const { value } = body;
    const tenant = tenantOf(request.caller, value.tenant);
    const withinMs = storeTimeoutMs(value.deadlineMs);
    const { dialect } = value;
    inField('/dialect', () => dialect === undefined || findDialect(dialect));
    const [documents, switchedOn] = await Promise.all([
      value.hookset === undefined
        ? [inlineDocument(body)]
        : storedHooks(deps, tenant, { hookset: value.hookset, dialect }, withinMs),
      value.thread === undefined ? [] : deps.threads.active(tenant, value.thread, withinMs),
    ]);
    const { stored, repeated } = await evaluator.evaluate({
      id: value.evaluationId ?? randomUUID(),
      named: value.evaluationId !== undefined,
      requestId: request.id,
      tenant,
      dialect,
      documents,
      unchecked: value.hookset === undefined,
      hookset: value.hookset,
      thread: value.thread,
      event: value.event,
      context: contextBytes(body),
      transcript: value.transcript === undefined ? undefined : wellFormed(value.transcript, '/transcript'),
      active: [...new Set([...(value.active ?? []), ...switchedOn])],
      deadlineMs: value.deadlineMs,
      priority: priorityOf(request.caller, value.priority),
      startedAt,
    });
    if (repeated) reply.header('x-hookpool-repeated', 'true');
    return answer(stored.record.id, stored.decision, value.verbose === true);
  });
}

/** The facts of the runs are many words; they come when asked for and are in the record anyway. */
export function answer(id: string, decision: Decision, verbose: boolean): object {
  const results = verbose ? decision.results : decision.results.map(({ facts: _, ranIn: __, ...result }) => result);
  return { evaluationId: id, ...decision, results };
}

/** `hooks` become a hooks file, so that the same code reads it; its keys stand where they stand in the body. */
function inlineDocument({ value, rawMember }: ReadBody<EvaluateBody>): HookDocument {
  const { hooks, document, dialect, agent } = value;
  const scope = 'named';
  const files = value.files === undefined ? undefined : String(rawMember('files'));
  if (document !== undefined) {
    const pointer = '/document';
    const isText = typeof document === 'string';
    const text = isText ? textWithFiles(wellFormed(document, pointer), files) : withFiles(String(rawMember('document')), files);
    return hashed({ name: 'document', scope, text, hint: { dialect, agent }, place: { pointer, isText } });
  }
  if (hooks === undefined) throw new HttpError(400, 'INVALID_REQUEST', 'Send hooks, a document or a hookset.');
  const text = withFiles(`{"dialect":${JSON.stringify(dialect ?? 'azure')},"hooks":${rawMember('hooks')}}`, files);
  return hashed({ name: 'hooks', scope, text });
}

function textWithFiles(document: string, files: string | undefined): string {
  return files === undefined ? document : `{"document":${JSON.stringify(document)},"files":${files}}`;
}

/** As a member of the JSON object, in front. */
function withFiles(object: string, files: string | undefined): string {
  if (files === undefined) return object;
  const members = object.trim().slice(1);
  return `{"files":${files}${/^\s*}/.test(members) ? '' : ','}${members}`;
}

/**
 * An agent's set is joined by the tenant's global hooks; their tiers put them in order. What neither the
 * set nor whoever stored it says of its dialect, the caller says.
 */
export async function storedHooks(
  { hookSets }: ServerDeps,
  tenant: string,
  { hookset, dialect }: { readonly hookset: string; readonly dialect?: string | undefined },
  withinMs: number,
): Promise<HookDocument[]> {
  const { set, globals } = await hookSets.resolve(tenant, hookset, withinMs);
  if (set === undefined) throw new HttpError(404, 'NOT_FOUND', `There is no hook set "${hookset}".`, '/hookset');
  const joined = set.format === 'azure-extended-agent' ? globals : [];
  const named = { ...set, hint: { ...set.hint, dialect: set.hint?.dialect ?? dialect } };
  return [named, ...joined].map(({ name, scope, text, sha256, hint }) => ({ name, scope, text, sha256, hint }));
}

/** The bytes as they were sent: the text of the member, or the text that the string holds. */
function contextBytes({ value, rawMember }: ReadBody<EvaluateBody>): Buffer {
  if (typeof value.context === 'string') return Buffer.from(wellFormed(value.context, '/context'));
  return Buffer.from(rawMember('context') ?? '');
}

/** Half of a surrogate pair has no UTF-8 form; a script would get another character without a word. */
function wellFormed(text: string, pointer: string): string {
  if (!/\p{Surrogate}/u.test(text)) return text;
  throw new HttpError(400, 'INVALID_REQUEST', 'The text contains half of a surrogate pair.', pointer);
}
