/**
 * The models of the AI SDK for one judge. Their packages are loaded with the first question in
 * their format (docs/benchmarks/types.md), and a process without judges never loads them.
 */
import type { JudgeEntry } from './settings.ts';

type Chat = ReturnType<
  ReturnType<typeof import('@ai-sdk/openai-compatible').createOpenAICompatible>['chatModel']
>;
export type Options = Parameters<Chat['doGenerate']>[0];
export type Generated = Awaited<ReturnType<Chat['doGenerate']>>;

/** Of a judge, what makes its model. */
interface Asked {
  readonly name: string;
  readonly entry: JudgeEntry;
  readonly key: string | undefined;
}

interface Kept {
  readonly model: Chat;
  /** Sends what the model makes of the question that it has. */
  send: typeof fetch;
}

/**
 * To build a model compiles its schemas, which takes most of the CPU time of a question. A model has
 * one way to send, so each question has one alone and leaves it to the next: there are as many as
 * questions at once.
 */
export class Models {
  readonly #idle: Kept[] = [];

  /** One question. @param send gets the request. @throws what the package or `send` throws. */
  async generate(judge: Asked, options: Options, send: typeof fetch): Promise<Generated> {
    const kept = this.#idle.pop() ?? (await open(judge));
    kept.send = send;
    try {
      return await kept.model.doGenerate(options);
    } finally {
      kept.send = unsent;
      this.#idle.push(kept);
    }
  }
}

/** Of a model without a question. */
const unsent: typeof fetch = () => Promise.reject(new Error('There is no question to send.'));

async function open(judge: Asked): Promise<Kept> {
  const way: Pick<Kept, 'send'> = { send: unsent };
  const model = await modelOf(judge, (address, init) => way.send(address, init));
  return Object.assign(way, { model });
}

async function modelOf({ name, entry, key }: Asked, send: typeof fetch): Promise<Chat> {
  const { format, model, answers, apiVersion, outputTokensKey } = entry;
  const baseURL = entry.baseUrl.replace(/\/+$/, '');
  if (format === 'anthropic-messages') {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL, fetch: send, apiKey: key ?? 'none' })(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const isAzure = format === 'azure';
  const headers = isAzure && key !== undefined ? { 'api-key': key } : {};
  const provider = createOpenAICompatible({
    ...{ name, baseURL, headers, fetch: send },
    ...(isAzure || key === undefined ? {} : { apiKey: key }),
    ...(apiVersion === undefined ? {} : { queryParams: { 'api-version': apiVersion } }),
    supportsStructuredOutputs: answers === 'json-schema',
    transformRequestBody: ({ max_tokens: most, ...body }) => ({ ...body, [outputTokensKey]: most }),
  });
  return provider.chatModel(model);
}
