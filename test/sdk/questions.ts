/** The questions that both sides ask, and how each side asks them. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { askJudge } from '../../src/outbound/judges/ask-judge.ts';
import { Judges } from '../../src/outbound/judges/judges.ts';
import { judgesSettingsSchema } from '../../src/outbound/judges/settings.ts';
import { Tally } from '../../src/outbound/judges/tally.ts';
import { verdictSchema } from '../../src/protocol/verdict/judge-verdict.ts';

export interface Question {
  readonly id: string;
  readonly name: string;
  readonly format: 'openai-chat' | 'anthropic-messages';
  readonly answers: 'json-schema' | 'tool' | 'json-object' | 'text';
  /** The SDK's type of the body. */
  readonly type: string;
}

/** Asks once. @returns what was read from the answer. */
export type Client = (question: Question) => Promise<object>;

const chatType = 'OpenAI.Chat.ChatCompletionCreateParamsNonStreaming';
const messageType = 'Anthropic.MessageCreateParamsNonStreaming';
const of = (format: Question['format'], answers: Question['answers'], id: string): Question => ({
  ...{ id, format, answers, name: `${format} ${answers}` },
  type: format === 'openai-chat' ? chatType : messageType,
});
export const questions: readonly Question[] = [
  of('openai-chat', 'json-schema', 'chatSchema'),
  of('openai-chat', 'tool', 'chatTool'),
  of('openai-chat', 'json-object', 'chatObject'),
  of('openai-chat', 'text', 'chatText'),
  of('anthropic-messages', 'json-schema', 'messageSchema'),
  of('anthropic-messages', 'tool', 'messageTool'),
  of('anthropic-messages', 'text', 'messageText'),
];

const [system, user] = ['Judge the data.', 'The data.'];
const [model, key, outputTokens] = ['small-1', 'sk-test', 500];
const [toolName, toolAbout] = ['verdict', 'Gives the verdict.'];

interface Read {
  readonly text: unknown;
  readonly model: unknown;
  readonly input: unknown;
  readonly output: unknown;
}

interface Sdk {
  readonly default: new (
    options: object,
  ) => {
    readonly chat: { readonly completions: { create(body: object): Promise<ChatRead> } };
    readonly messages: { create(body: object): Promise<MessageRead> };
  };
}

interface ChatRead {
  readonly model: string;
  readonly choices: readonly {
    readonly message: {
      readonly content: string | null;
      readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
    };
  }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

interface MessageRead {
  readonly model: string;
  readonly content: readonly { readonly text?: string; readonly input?: unknown }[];
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

/** @param folder that has the SDKs in its node_modules. */
export async function clients(
  folder: string,
  port: number,
): Promise<{ readonly ours: Client; readonly theirs: Client }> {
  const load = async (file: string) => {
    const url = pathToFileURL(path.join(folder, 'node_modules', file)).href;
    return (await import(url)) as Sdk;
  };
  const [openai, anthropic] = [
    await load('openai/index.mjs'),
    await load('@anthropic-ai/sdk/index.mjs'),
  ];
  const chat = new openai.default({
    ...{ apiKey: key, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 },
  });
  const messages = new anthropic.default({
    ...{ apiKey: key, baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 },
  });
  return {
    ours: (question) => askOurs(question, port),
    theirs: async ({ format, answers }) =>
      format === 'openai-chat'
        ? chatRead(await chat.chat.completions.create(chatBody(answers)))
        : messageRead(await messages.messages.create(messageBody(answers))),
  };
}

async function askOurs({ format, answers }: Question, port: number): Promise<Read> {
  const { judges } = judgesSettingsSchema.parse({
    judges: {
      one: {
        ...{ format, answers, model, outputTokens, tenants: ['*'] },
        ...{ baseUrl: `http://127.0.0.1:${port}/v1`, plain: true, private: ['127.0.0.0/8'] },
      },
    },
  });
  const judge = new Judges(judges, { keys: new Map([['one', key]]), cas: new Map() }).find(
    'one',
    't',
  );
  const asking = {
    ...{ judge, tenant: 't', version: '0', tally: new Tally(judge, ''), share: 1 },
    ...{ endsAt: performance.now() + 10_000, signal: AbortSignal.timeout(10_000) },
  };
  const answer = await askJudge(asking, { system, user, tools: [] });
  const { usage } = answer;
  return { text: answer.text, model: answer.model, input: usage?.input, output: usage?.output };
}

function chatBody(answers: Question['answers']): object {
  const called = { name: toolName, description: toolAbout, parameters: verdictSchema };
  const schema = { name: toolName, strict: true, schema: verdictSchema };
  return {
    ...{ model, max_tokens: outputTokens },
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    ...(answers === 'json-schema'
      ? { response_format: { type: 'json_schema', json_schema: schema } }
      : {}),
    ...(answers === 'json-object' ? { response_format: { type: 'json_object' } } : {}),
    ...(answers === 'tool'
      ? {
          tools: [{ type: 'function', function: called }],
          tool_choice: { type: 'function', function: { name: toolName } },
        }
      : {}),
  };
}

function messageBody(answers: Question['answers']): object {
  const called = { name: toolName, description: toolAbout, input_schema: verdictSchema };
  return {
    ...{ model, max_tokens: outputTokens, system },
    messages: [{ role: 'user', content: user }],
    ...(answers === 'json-schema'
      ? { output_config: { format: { type: 'json_schema', schema: verdictSchema } } }
      : {}),
    ...(answers === 'tool'
      ? { tools: [called], tool_choice: { type: 'tool', name: toolName } }
      : {}),
  };
}

function chatRead({ model: named, choices, usage }: ChatRead): Read {
  const message = choices[0]?.message;
  const text = message?.tool_calls?.[0]?.function.arguments ?? message?.content;
  return { text, model: named, input: usage.prompt_tokens, output: usage.completion_tokens };
}

function messageRead({ model: named, content, usage }: MessageRead): Read {
  const [part] = content;
  const text = part?.text ?? JSON.stringify(part?.input);
  return { text, model: named, input: usage.input_tokens, output: usage.output_tokens };
}
