/**
 * The formats of providers. The packages of the AI SDK turn a question into the body of a request
 * and an answer into its parts; connection, deadline, limits, attempts and the reading of the
 * verdict are ours.
 */
import { plainReason } from '../../protocol/fence.ts';
import { verdictSchema } from '../../protocol/verdict/judge-verdict.ts';
import { repeats } from '../reply.ts';
import type { Judge } from './judges.ts';
import type { Texts } from './messages.ts';
import type { Generated, Options } from './models.ts';

/** Sends a body to the judge. @returns the body of an answer with a status of 200 to 299. */
export type Post = (
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<Uint8Array>;

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input. */
  readonly input: object;
}

export interface WireQuestion extends Texts {
  /** Empty: the answer is the verdict. */
  readonly tools: readonly ToolSpec[];
}

export interface ToolCall {
  readonly name: string;
  /** JSON text. */
  readonly input: string;
}

/** What an answer says, before it is read for a verdict. */
export interface WireAnswer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** `cut`: at the limit of tokens; `refused`: by the model or a content filter. */
  readonly end: 'whole' | 'cut' | 'refused';
  readonly model: string | undefined;
  readonly usage: Usage | undefined;
}

export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** An answer that does not have the form of the judge's format. */
export class WireError extends Error {}

const verdictTool = 'verdict';

/** @throws WireError, or what post() throws. */
export async function askWire(
  judge: Judge,
  question: WireQuestion,
  post: Post,
): Promise<WireAnswer> {
  let thrown: { readonly error: unknown } | undefined;
  let body: unknown;
  const send: typeof fetch = async (address, init) => {
    try {
      const bytes = await post(
        String(address),
        Object.fromEntries(new Headers(init?.headers)),
        String(init?.body),
      );
      body = parsed(bytes, judge.key);
      return new Response(bytes, { headers: { 'content-type': 'application/json' } });
    } catch (error) {
      thrown = { error };
      throw error;
    }
  };
  try {
    const answer = await judge.models.generate(judge, optionsOf(judge, question), send);
    return read(judge, answer, body);
  } catch (error) {
    if (thrown !== undefined) throw thrown.error;
    if (error instanceof WireError) throw error;
    throw new WireError(`it is not of the format ${judge.entry.format}`);
  }
}

/**
 * Reads strict UTF-8 and JSON with one choice: of several, only the first would be looked at. Reasons
 * and names are shown, so an answer that repeats the key, as a gateway may, would carry it there.
 */
function parsed(bytes: Uint8Array, key: string | undefined): unknown {
  let body: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    body = JSON.parse(text);
  } catch {
    throw new WireError('it is no JSON');
  }
  if (key !== undefined && repeats(text, [key])) throw new WireError('it repeats the key');
  const { choices } = Object(body) as { readonly choices?: unknown };
  if (Array.isArray(choices) && choices.length !== 1)
    throw new WireError(`it has ${choices.length} choices`);
  return body;
}

function optionsOf({ entry }: Judge, { system, user, tools }: WireQuestion): Options {
  const { answers, temperature, outputTokens, format } = entry;
  const isLast = tools.length === 0;
  const offered = tools.map(({ name, description, input }) => ({
    ...({ type: 'function', name, description } as const),
    inputSchema: input as Record<string, unknown>,
  }));
  const verdict = {
    ...({ type: 'function', name: verdictTool, description: 'Gives the verdict.' } as const),
    inputSchema: verdictSchema as unknown as Record<string, unknown>,
  };
  const called = answers === 'tool' ? [...offered, verdict] : offered;
  return {
    prompt: [
      { role: 'system', content: system },
      { role: 'user', content: [{ type: 'text', text: user }] },
    ],
    maxOutputTokens: outputTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(called.length === 0 ? {} : { tools: called as Options['tools'] & object }),
    ...(answers === 'tool' && isLast
      ? { toolChoice: { type: 'tool', toolName: verdictTool } as const }
      : {}),
    ...(isLast ? formatOf(answers) : {}),
    ...(format === 'anthropic-messages'
      ? { providerOptions: { anthropic: { structuredOutputMode: 'outputFormat' } } }
      : {}),
  };
}

function formatOf(answers: string): Pick<Options, 'responseFormat'> {
  if (answers === 'json-schema')
    return {
      responseFormat: {
        type: 'json',
        name: verdictTool,
        schema: verdictSchema as unknown as object,
      },
    };
  return answers === 'json-object' ? { responseFormat: { type: 'json' } } : {};
}

function read({ entry }: Judge, generated: Generated, body: unknown): WireAnswer {
  const { content, finishReason, usage, response } = generated;
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const all = content.flatMap((part) =>
    part.type === 'tool-call' ? [{ name: part.toolName, input: part.input }] : [],
  );
  const [verdict, second] = all.filter(({ name }) => name === verdictTool);
  if (second !== undefined || texts.length > 1) throw new WireError('it has several answers');
  const { unified } = finishReason;
  const isWhole = unified === 'stop' || unified === 'tool-calls';
  if (!isWhole && unified !== 'length' && unified !== 'content-filter')
    throw new WireError('it ended for a reason that is not known');
  const isCalled = entry.answers === 'tool' && verdict !== undefined;
  return {
    text: isCalled ? verdict.input : (texts[0] ?? ''),
    calls: all.filter(({ name }) => name !== verdictTool),
    end: isWhole ? 'whole' : unified === 'length' ? 'cut' : 'refused',
    model: nameIn(response?.modelId ?? Object(body).model),
    usage: usageOf(usage),
  };
}

function nameIn(model: unknown): string | undefined {
  return typeof model === 'string' ? plainReason(model).slice(0, 200) : undefined;
}

function usageOf({ inputTokens, outputTokens }: Generated['usage']): Usage | undefined {
  const { total: input, cacheRead: cached = 0 } = inputTokens;
  const { total: output } = outputTokens;
  if (!isCount(input) || !isCount(output)) return undefined;
  return { input, cached: isCount(cached) ? Math.min(cached, input) : 0, output };
}

/** A question has 8 MiB at most. A count below 0 would give a tenant back what it has spent. */
const mostTokens = 100_000_000;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= mostTokens;
}
