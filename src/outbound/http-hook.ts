/** Runs one http hook: payload, headers, request, attempts, and what the answer means. */
import { hash } from 'node:crypto';
import { actionKey } from '../protocol/action.ts';
import { failureOf, type HookResult } from '../protocol/decision.ts';
import { furtherAttempts, type HttpAction } from '../protocol/http-action.ts';
import type { Job, RunCall } from '../protocol/job.ts';
import type { RequestFacts } from '../protocol/request-facts.ts';
import { renderHeader, renderPayload } from '../protocol/template.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { secretsFor } from './allowed.ts';
import { AtOnce, type Most } from './at-once.ts';
import { pause, waitBefore } from './attempts.ts';
import type { TargetAnswer } from './exchange.ts';
import { type Exchanged, type GuardedRequest, guardedRequest } from './guarded-request.ts';
import { fairLookups } from './lookups.ts';
import { machineNetwork, type Network } from './network.ts';
import { outcomeOf } from './reply.ts';
import type { Secrets } from './secrets.ts';
import { shareOf } from './shadow-share.ts';
import { signatureOf } from './signature.ts';
import type { Target, Targets } from './targets.ts';

export interface HttpHooksOptions {
  readonly targets: Pick<Targets, 'find'>;
  readonly secrets: Pick<Secrets, 'valueFor'>;
  /** Of hookpool, for the header user-agent. */
  readonly version: string;
  readonly network?: Network | undefined;
  /** The most hooks at once: no more than the process takes. Default: 256, and 64 of a tenant. */
  readonly most?: Most | undefined;
  /** Milliseconds before the second attempt, twice as many before the third. Default: 250. */
  readonly firstWaitMs?: number | undefined;
  /**
   * What a test does in place of a request, or around it.
   * @param live makes the request.
   */
  readonly planned?:
    | ((
        target: Target,
        request: GuardedRequest,
        live: () => Promise<Exchanged>,
      ) => Promise<Exchanged> | Exchanged)
    | undefined;
}

type HttpJob = Job<HttpAction>;

/** The http hooks of one process. */
export class HttpHooks {
  readonly #options: HttpHooksOptions;
  readonly #atOnce: AtOnce;
  readonly #network: Network;

  constructor(options: HttpHooksOptions) {
    this.#options = options;
    this.#atOnce = new AtOnce('requests', options.most);
    this.#network = fairLookups(options.network ?? machineNetwork);
  }

  /** Never rejects for what a target does: the hook's failMode decides then. */
  async run(job: HttpJob, signal: AbortSignal, call?: RunCall): Promise<HookResult> {
    const started = performance.now();
    const { tenant, dialect, hook } = job;
    const tooMany = this.#atOnce.begin(tenant, shareOf(hook));
    if (tooMany !== undefined) return decide(dialect, hook, tooMany);
    try {
      const { outcome, facts, missing } = await this.#ask(job, signal, call);
      const totalMs = performance.now() - started;
      const result = decide(dialect, hook, outcome, {
        ...{ queueMs: 0, leaseMs: 0, runMs: totalMs, totalMs },
      });
      const noted = missing.map((path) => ({
        code: 'payload-path',
        message: `The context has no ${path}: the payload has null there.`,
      }));
      return { ...result, diagnostics: [...result.diagnostics, ...noted], asked: facts };
    } catch (error) {
      return decide(dialect, hook, failureOf(error));
    } finally {
      this.#atOnce.end(tenant);
    }
  }

  async #ask(job: HttpJob, signal: AbortSignal, call: RunCall | undefined) {
    const { hook, tenant } = job;
    const { action } = hook;
    const target = this.#options.targets.find(action.url, tenant);
    const { request, secrets, missing } = this.#request(job, target, call);
    const { failure, answer, facts } = await this.#attempts(job, target, request, signal, call);
    const outcome =
      failure ??
      outcomeOf(answer as TargetAnswer, action, {
        mayGrant: action.url.isTls || target.trusted,
        secrets,
      });
    return { outcome, facts, missing };
  }

  #request(job: HttpJob, target: Target, call: RunCall | undefined) {
    const { hook, tenant } = job;
    const { action } = hook;
    const secrets: string[] = [];
    const secretFor = secretsFor(this.#options.secrets, target, { action, tenant });
    const secretOf = (name: string) => {
      const value = secretFor(name);
      secrets.push(value);
      return value;
    };
    const { body, missing } = bodyOf(job, call?.at ?? new Date().toISOString());
    // Names of hooks repeat in other sets: the key also has what is asked.
    const asked = [hook.event, hook.tier, hook.name, actionKey(action), hash('sha256', body)];
    const evaluation = call?.evaluationId ?? crypto.randomUUID();
    const id = hash('sha256', JSON.stringify([evaluation, ...asked]), 'hex');
    const own = Object.entries(action.headers).map(
      ([name, text]) => [name.toLowerCase(), renderHeader(text, secretOf)] as const,
    );
    const signed =
      action.sign === undefined
        ? {}
        : signatureOf(`msg_${id.slice(0, 32)}`, body, secretOf(action.sign));
    const request: GuardedRequest = {
      url: action.url,
      method: 'POST',
      rules: target.rules,
      ca: target.ca,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...Object.fromEntries(own),
        'accept-encoding': 'identity',
        'user-agent': `hookpool/${this.#options.version}`,
        'idempotency-key': id,
        ...signed,
      },
      body,
      requestBytes: target.requestBytes,
      answerBytes: target.answerBytes,
      timeoutMs: Math.min(hook.timeoutMs, target.timeoutMs),
    };
    return { request, secrets, missing };
  }

  /** One deadline holds for all attempts and the pauses between them. */
  async #attempts(
    { hook }: HttpJob,
    target: Target,
    request: GuardedRequest,
    signal: AbortSignal,
    call: RunCall | undefined,
  ): Promise<Exchanged> {
    const further = furtherAttempts(hook);
    // A lost run has made one attempt at least, as far as its target knows.
    const most = (call?.attempt ?? 1) > 1 ? Math.max(1, further) : 1 + further;
    const endsAt = performance.now() + request.timeoutMs;
    for (let attempt = 1; ; attempt++) {
      const timeoutMs = Math.max(1, endsAt - performance.now());
      const exchanged = await this.#once(target, { ...request, timeoutMs }, signal);
      const facts: RequestFacts = { ...exchanged.facts, attempts: attempt };
      const waitMs = waitBefore(exchanged, hook.action, attempt, this.#options.firstWaitMs ?? 250);
      // A pause beyond the deadline would only delay the same end.
      const isLast = attempt === most || waitMs === undefined;
      if (isLast || performance.now() + waitMs >= endsAt || !(await pause(waitMs, signal)))
        return { ...exchanged, facts };
    }
  }

  async #once(target: Target, request: GuardedRequest, signal: AbortSignal): Promise<Exchanged> {
    const live = () => guardedRequest(request, signal, this.#network);
    return this.#options.planned?.(target, request, live) ?? live();
  }
}

function bodyOf({ hook: { action }, context }: HttpJob, at: string) {
  if (action.payload === undefined) return { body: context, missing: [] };
  // The decoder drops a byte order mark, before which no member would be found.
  const text = new TextDecoder().decode(context);
  const rendered = renderPayload(action.payload, text, at);
  return { body: Buffer.from(rendered.text), missing: rendered.missing };
}
