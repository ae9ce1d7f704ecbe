/** One question to a judge: attempts inside one deadline, budget, circuit and account. */
import { OutboundError } from '../../errors.ts';
import { failureOf } from '../../protocol/decision.ts';
import { parseRequestUrl } from '../../protocol/request-url.ts';
import { pause, waitBefore } from '../attempts.ts';
import { type Exchanged, type GuardedRequest, guardedRequest } from '../guarded-request.ts';
import { machineNetwork, type Network } from '../network.ts';
import { AskError, distrusted, malformed, problem } from './ask-error.ts';
import type { Judge } from './judges.ts';
import { SharedPlace, type SharedPlaces } from './shared-place.ts';
import type { Reservation, Spending } from './spending.ts';
import { isPassing, problemIn } from './status-problem.ts';
import type { Tally } from './tally.ts';
import { askWire, type WireAnswer, WireError, type WireQuestion } from './wire.ts';

/**
 * What a test does in place of a request to a judge's server, or around it; undefined: make it.
 * @param live makes the request.
 */
type PlannedExchange = (
  judge: Judge,
  request: GuardedRequest,
  live: () => Promise<Exchanged>,
) => Promise<Exchanged> | Exchanged | undefined;

export interface Asking {
  readonly judge: Judge;
  readonly tenant: string;
  /**
   * Of each limit, that this question may use up. Less than 1: of a shadow hook, whose failures do
   * not count for the judge either.
   */
  readonly share: number;
  /** On the clock of performance.now(). */
  readonly endsAt: number;
  /** Ends at that time too. */
  readonly signal: AbortSignal;
  /** The question is one that shows whether the judge can be trusted. */
  readonly isCanary?: boolean | undefined;
  readonly tally: Tally;
  readonly spending?: Spending | undefined;
  /** Those of all processes with the same judges; undefined: this process counts for itself. */
  readonly places?: SharedPlaces | undefined;
  /** Of hookpool, for the header user-agent. */
  readonly version: string;
  readonly network?: Network | undefined;
  /** Milliseconds before the second attempt, twice as many before the third. Default: 250. */
  readonly firstWaitMs?: number | undefined;
  readonly planned?: PlannedExchange | undefined;
  /** Told when a judge is left alone for a while, and why. */
  readonly onRest?: ((judge: string, restMs: number, why: string) => void) | undefined;
  /** Told of each question that a limit refuses, with the sentence that says which one. */
  readonly onSpent?: ((judge: string, tenant: string, why: string) => void) | undefined;
}

const mostAttempts = 3;
/** A count of money is no guard: it is not waited for. */
const mostSpendingMs = 100;

/** @throws AskError */
export async function askJudge(asking: Asking, question: WireQuestion): Promise<WireAnswer> {
  const { judge, tally } = asking;
  const bytes = Buffer.byteLength(question.system) + Buffer.byteLength(question.user);
  if (bytes > judge.entry.inputBytes)
    throw problem(
      'INPUT_TOO_LARGE',
      `The question has ${bytes} bytes; the judge ${judge.name} takes ${judge.entry.inputBytes}: send less with select.`,
    );
  tally.called();
  try {
    return await judge.slots.run(asking, () => placed(asking, question, bytes));
  } catch (error) {
    if (error instanceof OutboundError) throw new AskError(failureOf(error));
    throw error;
  }
}

async function placed(asking: Asking, question: WireQuestion, bytes: number): Promise<WireAnswer> {
  const place = new SharedPlace(asking);
  try {
    return await attempts({ ...asking, place }, question, bytes);
  } finally {
    place.end();
  }
}

interface Placed extends Asking {
  readonly place: SharedPlace;
}

async function attempts(
  asking: Placed,
  question: WireQuestion,
  bytes: number,
): Promise<WireAnswer> {
  const { judge, tenant } = asking;
  for (let attempt = 1; ; attempt++) {
    requireAwake(judge, tenant);
    // The question may have waited for its turn since its hook was told that the judge is trusted.
    if (asking.isCanary !== true && judge.canary?.isTrusted === false) throw distrusted(judge);
    const { answer, exchanged } = await once(asking, question, bytes);
    if (answer !== undefined) return answer;
    const failed = exchanged as Exchanged;
    const waitMs = waitBefore(failed, {}, attempt, asking.firstWaitMs ?? 250);
    const isLast = attempt === mostAttempts || waitMs === undefined;
    // A pause that leaves no time for an answer would only delay the same end.
    const left = asking.endsAt - performance.now() - judge.times.median();
    if (isLast || waitMs >= left || !(await pause(waitMs, asking.signal)))
      throw new AskError(problemIn(judge, failed));
  }
}

/** @throws AskError `JUDGE_UNAVAILABLE` while the judge rests. */
export function requireAwake({ name, circuit }: Judge, tenant: string): void {
  const restMs = circuit.restMs(tenant);
  if (restMs > 0)
    throw problem(
      'JUDGE_UNAVAILABLE',
      `The judge ${name} is not asked for ${Math.ceil(restMs / 1000)} s: it refused or failed before.`,
    );
}

interface Attempt {
  readonly answer?: WireAnswer;
  /** Of a request without an answer that can be read. */
  readonly exchanged?: Exchanged;
}

async function once(asking: Placed, question: WireQuestion, bytes: number): Promise<Attempt> {
  const { judge, tally, tenant, spending, share, place } = asking;
  const reserved = Math.ceil(bytes / 3) + judge.entry.outputTokens;
  // Both are asked of Redis in one round trip.
  const begun = place.begin();
  begun.catch(() => undefined);
  const { taken } = await reserve(asking, reserved);
  const before = tally.tokens;
  let exchanged: Exchanged | undefined;
  let usesUnknown = false;
  try {
    await begun;
    requireAwake(judge, tenant);
    const started = performance.now();
    const answer = await askWire(judge, question, async (address, headers, body) => {
      exchanged = await send(asking, address, headers, body);
      tally.attempted(exchanged.facts.status ?? 0, exchanged.answer?.requestId);
      const { status = 0, body: bytesOf = new Uint8Array() } = exchanged.answer ?? {};
      if (status < 200 || status > 299) throw new WireError('refused');
      return bytesOf;
    });
    if (share === 1) {
      judge.circuit.answered(tenant);
      place.answered();
    }
    judge.times.add(performance.now() - started);
    tally.spent(answer.usage, answer.model);
    usesUnknown = answer.usage === undefined;
    return { answer };
  } catch (error) {
    if (!(error instanceof WireError) || exchanged === undefined) throw error;
    const { answer: target, failure } = exchanged;
    if (target !== undefined && target.status >= 200 && target.status < 300) {
      tally.spent(undefined);
      usesUnknown = true;
      throw malformed(error.message);
    }
    // A refused request costs nothing, nor does one without a connection: it sent nothing.
    usesUnknown = failure !== undefined && exchanged.facts.connectMs !== null;
    if (usesUnknown) tally.spent(undefined);
    if (share === 1) countFailure(asking, exchanged);
    return { exchanged };
  } finally {
    const used = usesUnknown ? reserved : tally.tokens - before;
    void taken.then((one) => (one === undefined ? spending?.add(tenant, used) : one.settle(used)));
  }
}

/**
 * Takes the tokens of one request. @throws AskError `BUDGET_SPENT`
 * @returns what was taken, which may be known after the question only; undefined in it: the count
 * cannot be reached.
 */
async function reserve(
  { judge, spending, tenant, share, onSpent }: Asking,
  tokens: number,
): Promise<{ readonly taken: Promise<Reservation | undefined> }> {
  if (spending === undefined) return { taken: Promise.resolve(undefined) };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, mostSpendingMs, undefined);
  });
  const taken = spending.reserve(tenant, tokens, share).catch(() => undefined);
  const refused = (await Promise.race([taken, late]))?.refused;
  clearTimeout(timer);
  if (refused === undefined) return { taken };
  onSpent?.(judge.name, tenant, refused);
  throw problem('BUDGET_SPENT', refused);
}

function send(
  { judge, endsAt, signal, version, network, planned }: Asking,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Exchanged> | Exchanged {
  const url = parseRequestUrl(address);
  const { host, port, isTls } = judge.url;
  if (url.host !== host || url.port !== port || url.isTls !== isTls)
    throw problem('TARGET_NOT_ALLOWED', `A question to ${judge.name} was on its way elsewhere.`);
  const request: GuardedRequest = {
    ...{ url, method: 'POST', rules: judge.rules, ca: judge.ca },
    headers: {
      ...headers,
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': `hookpool/${version}`,
    },
    body: Buffer.from(body),
    // The limit for the texts holds before; this one is for the JSON around them.
    requestBytes: Infinity,
    answerBytes: judge.entry.answerBytes,
    timeoutMs: Math.max(1, endsAt - performance.now()),
  };
  const live = () => guardedRequest(request, signal, network ?? machineNetwork);
  return planned?.(judge, request, live) ?? live();
}

function countFailure(
  { judge, tenant, onRest, place }: Placed,
  { answer, failure }: Exchanged,
): void {
  const status = answer?.status ?? 0;
  const isDown = failure?.code === 'TARGET_UNREACHABLE' || isPassing(status);
  // Only a refused key is one for every question: the filter of a gateway may answer with 403 or 404.
  const isForAll = status === 401;
  if (!isDown && !isForAll && status !== 403 && status !== 404) return;
  const why = status === 0 ? String(failure?.code) : `status ${status}`;
  const rests = (restMs: number) =>
    onRest?.(judge.name, restMs, isForAll ? why : `${why}, for tenant ${tenant}`);
  const restMs = isForAll ? judge.circuit.refused() : judge.circuit.failed(tenant);
  if (restMs !== undefined) rests(restMs);
  // Another process may have another key, while the operator replaces one.
  if (!isForAll) place.failed(rests);
}
