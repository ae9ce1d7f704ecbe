/** The folders `answers/` beside test files: what judges and services answered once. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InvalidInputError, messageOf } from '../../errors.ts';
import type { TargetAnswer } from '../../outbound/exchange.ts';
import type { JudgeEntry } from '../../outbound/judges/settings.ts';

const answerSchema = z.strictObject({
  status: z.int().min(100).max(599),
  /** One of them: a body that is compact JSON, other text, other bytes. */
  json: z.json().optional(),
  text: z.string().optional(),
  base64: z.base64().optional(),
});
const keptSchema = z.strictObject({
  v: z.literal(1),
  /** Who was asked: a judge as the hook names it, or a host. */
  asked: z.string(),
  /** The service is trusted though it was asked without TLS, as in the targets file. */
  trusted: z.boolean().optional(),
  /** To the first equal request of a case, the second, and so on; the last one repeats. */
  answers: z.array(answerSchema).min(1),
});
const judgesSchema = z.strictObject({
  v: z.literal(1),
  /** By the names that hooks use: the settings on which a question depends. */
  judges: z.record(z.string(), z.record(z.string(), z.json())),
});

export type Kept = z.infer<typeof keptSchema>;
type KeptAnswer = z.infer<typeof answerSchema>;
type JudgesFile = z.infer<typeof judgesSchema>;

/** Settings that shape a question or its reading; no address, no key. */
const shaping = [
  ...['format', 'model', 'answers', 'outputTokens', 'outputTokensKey', 'temperature'],
  ...['inputBytes', 'answerBytes'],
] as const;

const judgesFile = 'judges.json';

/** The folders of one call of `hookpool test`. */
export class Recordings {
  /** Files are written one after another, so that none is a mixture. */
  #written: Promise<unknown> = Promise.resolve();
  /** By their file: the answers that were recorded in this call. */
  readonly #made = new Map<string, TargetAnswer[]>();
  /** By their file: the end of the last request that was begun. */
  readonly #ends = new Map<string, Promise<unknown>>();

  /** @returns undefined: none is recorded. @throws InvalidInputError for a broken file. */
  async read(testFile: string, key: string): Promise<Kept | undefined> {
    return readJson(path.join(folderOf(testFile), `${key}.json`), keptSchema);
  }

  /** The settings with which the judge was asked; undefined: it was not. */
  async judge(
    testFile: string,
    model: string,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const known = await readJson(path.join(folderOf(testFile), judgesFile), judgesSchema);
    return known !== undefined && Object.hasOwn(known.judges, model)
      ? known.judges[model]
      : undefined;
  }

  /** Keeps the settings of a judge beside its answers. */
  async keepJudge(testFile: string, model: string, entry: JudgeEntry): Promise<void> {
    const settings = Object.fromEntries(
      shaping.flatMap((key) =>
        entry[key as keyof JudgeEntry] === undefined ? [] : [[key, entry[key as keyof JudgeEntry]]],
      ),
    ) as JudgesFile['judges'][string];
    const file = path.join(folderOf(testFile), judgesFile);
    await this.#inTurn(async () => {
      const { judges } = (await readJson(file, judgesSchema)) ?? { judges: {} };
      const known = Object.entries({ ...judges, [model]: settings });
      await write(file, {
        v: 1,
        judges: Object.fromEntries(known.toSorted(([a], [b]) => (a < b ? -1 : 1))),
      });
    });
  }

  /**
   * Runs what asks for and keeps the answers to one request after all that began earlier: cases run
   * at once, and the second of two finds what the first one has made.
   */
  async alone<T>(testFile: string, key: string, ask: () => Promise<T>): Promise<T> {
    const place = path.join(folderOf(testFile), key);
    const before = this.#ends.get(place) ?? Promise.resolve();
    const asking = before.then(ask);
    const end = asking.catch(() => undefined);
    this.#ends.set(place, end);
    try {
      return await asking;
    } finally {
      if (this.#ends.get(place) === end) this.#ends.delete(place);
    }
  }

  /** The answer that this call has recorded for the same request of another case. */
  made(testFile: string, key: string, at: number): TargetAnswer | undefined {
    return this.#made.get(path.join(folderOf(testFile), key))?.[at];
  }

  /** Keeps the answer to the request of that number; it replaces those of earlier calls. */
  async keep(
    testFile: string,
    key: string,
    of: Pick<Kept, 'asked' | 'trusted'>,
    answer: TargetAnswer,
    at: number,
  ): Promise<void> {
    const place = path.join(folderOf(testFile), key);
    const answers = this.#made.get(place) ?? [];
    this.#made.set(place, answers);
    answers[at] ??= answer;
    await this.#inTurn(() => write(`${place}.json`, { v: 1, ...of, answers: answers.map(shown) }));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#written.then(work);
    this.#written = done.catch(() => undefined);
    return done;
  }
}

/** The answer of that number as it was sent. */
export function answerAt({ answers }: Kept, at: number): TargetAnswer {
  const { status, json, text, base64 } = answers[Math.min(at, answers.length - 1)] as KeptAnswer;
  const body =
    base64 === undefined
      ? Buffer.from(json === undefined ? (text ?? '') : JSON.stringify(json))
      : Buffer.from(base64, 'base64');
  return { status, body, retryAfter: undefined };
}

/** A body is kept as JSON where that gives the same bytes again: it is compared in reviews. */
function shown({ status, body }: TargetAnswer): KeptAnswer {
  const bytes = Buffer.from(body);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return { status, base64: bytes.toString('base64') };
  try {
    const json = JSON.parse(text) as KeptAnswer['json'];
    return JSON.stringify(json) === text ? { status, json } : { status, text };
  } catch {
    return { status, text };
  }
}

function folderOf(testFile: string): string {
  return path.join(path.dirname(testFile), 'answers');
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined;
    throw unusable(`Cannot read ${file}: ${messageOf(error)}.`, error);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw unusable(`${file} is no recorded answer: remove it, and record it again.`, error);
  }
}

async function write(file: string, content: object): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw unusable(`Cannot write ${file}: ${messageOf(error)}.`, error);
  }
}

function unusable(message: string, cause: unknown): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', message, { cause });
}
