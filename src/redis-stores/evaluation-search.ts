/**
 * The search in the evaluations of a tenant: reads summaries from the newest on, in parts of 500, and
 * looks at 2,000 of them at most.
 */
import { decisionKinds } from '../protocol/decision.ts';
import { hows } from '../protocol/how.ts';
import { isJsonObject } from '../protocol/json.ts';
import { evaluationKey, evaluationSummariesKey, evaluationsKey, hashOf } from '../redis/keys.ts';
import {
  type EvaluationPage,
  type EvaluationSearch,
  type EvaluationSummary,
  type PageOptions,
  searchScans,
  searchTest,
} from '../server/evaluation-summary.ts';
import { HttpError } from '../server/http-error.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask } from './redis-errors.ts';

const partOf = 500;
/** How far the clocks of a server and of Redis may be apart. */
const skewMs = 60_000;

/**
 * KEYS: the index, the summaries. ARGV: the highest and the lowest score, the most entries, the life
 * of an evaluation. Returns keys, scores and summaries by turns; a key of another type is empty.
 */
const partScript = `
if redis.call('TYPE', KEYS[1]).ok ~= 'zset' or redis.call('TYPE', KEYS[2]).ok ~= 'hash' then return {} end
local time = redis.call('TIME')
local lowest = math.max(tonumber(ARGV[2]), time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[4]))
local found = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], lowest, 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local all = {}
for at = 1, #found, 2 do
  all[#all + 1] = found[at]
  all[#all + 1] = found[at + 1]
  all[#all + 1] = redis.call('HGET', KEYS[2], found[at]) or ''
end
return all`;

/** The place of an evaluation: of those of one millisecond the higher key comes first. */
interface Place {
  readonly score: number;
  /** The hash of its key; undefined: behind all of this millisecond. */
  readonly hash: string | undefined;
}

interface Entry {
  readonly place: { readonly score: number; readonly hash: string };
  readonly text: string;
}

/** @throws HttpError 400 for a `before` that is not the `next` of an earlier page */
export async function searchEvaluations(
  options: RedisStoreOptions,
  tenant: string,
  search: EvaluationSearch,
  { before, limit }: PageOptions,
  lifeMs: number,
): Promise<EvaluationPage> {
  const isFound = searchTest(search);
  const evaluations: EvaluationSummary[] = [];
  const start = before === undefined ? startOf(search) : placeIn(before);
  const lowest = search.since === undefined ? 0 : Date.parse(search.since) - skewMs;
  let last: Place = start;
  let scanned = 0;
  let unreadable = 0;
  for await (const { place, text } of entriesBehind(options, tenant, { start, lowest, lifeMs })) {
    if (evaluations.length === limit || scanned === searchScans)
      return { evaluations, next: textOf(last), scanned, unreadable };
    scanned++;
    last = place;
    const summary = parseSummary(text);
    if (summary === undefined) unreadable++;
    else if (isFound(summary)) evaluations.push(summary);
  }
  return { evaluations, next: undefined, scanned, unreadable };
}

interface Range {
  readonly start: Place;
  readonly lowest: number;
  readonly lifeMs: number;
}

/** The entries behind a place, the newest first. */
async function* entriesBehind(
  options: RedisStoreOptions,
  tenant: string,
  { start, lowest, lifeMs }: Range,
): AsyncGenerator<Entry> {
  for (let place = start; ; ) {
    const part = await readPart(options, tenant, { place, lowest, lifeMs });
    const behind = part.filter((one) => isBehind(one.place, place));
    yield* behind;
    if (part.length < partOf) return;
    // More evaluations of one millisecond than a part has entries: the rest of them is left out.
    place = behind.at(-1)?.place ?? { score: place.score - 1, hash: undefined };
  }
}

async function readPart(
  { redis, queue }: RedisStoreOptions,
  tenant: string,
  { place, lowest, lifeMs }: Omit<Range, 'start'> & { readonly place: Place },
): Promise<Entry[]> {
  const hash = hashOf(tenant);
  const keys = [evaluationsKey(queue, hash), evaluationSummariesKey(queue, hash)];
  const highest = Number.isFinite(place.score) ? place.score : '+inf';
  const answer = await ask(
    `the evaluations of the tenant ${tenant}`,
    redis.eval(partScript, keys.length, ...keys, highest, lowest, partOf, lifeMs),
  );
  const prefix = evaluationKey(queue, '', '').slice(0, -hashOf('', '').length);
  const flat = (answer as unknown[]).map(String);
  const entries: Entry[] = [];
  for (let at = 0; at + 2 < flat.length; at += 3) {
    const [key = '', score = '', text = ''] = flat.slice(at, at + 3);
    entries.push({ place: { score: Number(score), hash: key.slice(prefix.length) }, text });
  }
  return entries;
}

function isBehind(one: Entry['place'], { score, hash }: Place): boolean {
  return one.score < score || (one.score === score && (hash === undefined || one.hash < hash));
}

function startOf({ until }: EvaluationSearch): Place {
  return { score: until === undefined ? Infinity : Date.parse(until) + skewMs, hash: undefined };
}

function textOf({ score, hash = '' }: Place): string {
  return `${score}.${hash}`;
}

function placeIn(before: string): Place {
  const [, score, hash] = /^(\d{1,15})\.([\w-]{0,64})$/.exec(before) ?? [];
  if (score === undefined)
    throw new HttpError(400, 'INVALID_REQUEST', 'before must be the next of an earlier answer.');
  return { score: Number(score), hash: hash === '' ? undefined : hash };
}

/** @returns undefined for a text that no server of this version writes */
function parseSummary(text: string): EvaluationSummary | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isSummary(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSummary(value: unknown): value is EvaluationSummary {
  if (!isJsonObject(value)) return false;
  const { decision, how, hooks, kept } = value;
  const isText = (name: string) => typeof value[name] === 'string';
  const isNumber = (name: string) => typeof value[name] === 'number';
  const isOptional = (name: string) => value[name] === undefined || isText(name);
  return (
    ['id', 'at', 'dialect', 'event'].every(isText) &&
    ['durationMs', 'failed', 'notRun', 'skipped'].every(isNumber) &&
    [...optionalTexts].every(isOptional) &&
    (decisionKinds as readonly unknown[]).includes(decision) &&
    (hows as readonly unknown[]).includes(how) &&
    typeof kept === 'boolean' &&
    Array.isArray(hooks) &&
    hooks.every((hook) => typeof hook === 'string')
  );
}

const optionalTexts = [
  ...['tool', 'subject', 'hookset', 'thread', 'replayOf', 'caller', 'decidedBy', 'code', 'reason'],
];
