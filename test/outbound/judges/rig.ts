/** A judge's server on loopback, and one hook that asks it. */
import { azure } from '../../../src/agents/azure/dialect.ts';
import { MemoryCache } from '../../../src/outbound/judges/cache.ts';
import { JudgeHooks, type JudgeHooksOptions } from '../../../src/outbound/judges/judge-hook.ts';
import { Judges } from '../../../src/outbound/judges/judges.ts';
import { type JudgeEntry, judgesSettingsSchema } from '../../../src/outbound/judges/settings.ts';
import type { Dialect } from '../../../src/protocol/dialect.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import type { JudgeAction } from '../../../src/protocol/judge-action.ts';
import { emptyRun, type ScriptRun, type ScriptRunner } from '../../../src/protocol/run.ts';
import { bytes, sampleHook } from '../../protocol/samples.ts';

/** The judge's key, which stands in no result. */
export const key = 'planted-key-91d3';
const never = new AbortController().signal;

/** An answer of the chat format. */
export function chat(content: string | null, more: object = {}): object {
  return {
    ...{ id: 'c-1', object: 'chat.completion', created: 1, model: 'small-1-2026' },
    choices: [
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content }, ...more },
    ],
    usage: {
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: 40 },
    },
  };
}

export const yes = chat('{"reason":"fine","ok":true}');
export const no = chat('{"reason":"no evidence","ok":false}');

/** An answer that uses a tool. */
export const call = (name: string, input: object | string) =>
  chat(null, {
    finish_reason: 'tool_calls',
    message: {
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          ...{ id: 't', type: 'function' },
          function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
        },
      ],
    },
  });

export const grep = call('GrepSearch', { file: 'transcript', pattern: 'p95' });

/** Sandboxes that keep what they were given, and in which every script prints this text. */
export const printing =
  (runs: ScriptRun[], text: string, over: object = {}): ScriptRunner =>
  async (script) => {
    runs.push(script);
    const stdout = bytes(text);
    const run = { ...emptyRun('exited'), exitCode: 0, stdout, stdoutTotalBytes: stdout.length };
    return { run: { ...run, ...over }, leaseMs: 0, ranIn: { container: 'c' } };
  };

/** An answer over HTTP. */
export function http(body: object | string, status = 200, headers = ''): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `HTTP/1.1 ${status} X\r\n${headers}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** The body of a request, as JSON. */
export function sent(request: string | undefined) {
  return JSON.parse(String(request?.split('\r\n\r\n').slice(1).join('\r\n\r\n'))) as {
    readonly [key: string]: unknown;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  };
}

export interface Given {
  readonly action?: Partial<JudgeAction>;
  readonly hook?: Partial<Omit<Hook, 'action'>>;
  readonly entry?: Partial<JudgeEntry> & Readonly<Record<string, unknown>>;
  readonly options?: Partial<JudgeHooksOptions>;
  readonly dialect?: Dialect;
  readonly context?: string;
  readonly transcript?: Uint8Array;
  readonly cwd?: string;
  readonly tenant?: string;
  readonly signal?: AbortSignal;
  readonly budgetMs?: number;
}

export function judgesAt(port: number, entry: Given['entry'] = {}): Judges {
  const settings = judgesSettingsSchema.parse({
    judges: {
      fast: {
        ...{ format: 'openai-chat', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'small-1' },
        ...{ plain: true, private: ['127.0.0.0/8'], tenants: ['acme'], aliases: ['ReasoningFast'] },
        ...entry,
      },
    },
  });
  return new Judges(settings.judges, { keys: new Map([['fast', key]]), cas: new Map() });
}

export function hooksAt(port: number, { entry, options }: Given = {}): JudgeHooks {
  return new JudgeHooks({
    ...{ judges: judgesAt(port, entry), cache: new MemoryCache() },
    ...{ version: '9.9.9', firstWaitMs: 1, ...options },
  });
}

function jobOf(given: Given = {}) {
  const action: JudgeAction = {
    ...{ kind: 'prompt', prompt: 'Is it fine? $ARGUMENTS', tools: [], maxTurns: 10, settings: {} },
    ...given.action,
  };
  const hook = {
    ...sampleHook({ event: 'Stop', timeoutMs: 2_000, failMode: 'block', ...given.hook }),
    action,
  };
  return {
    ...{ dialect: given.dialect ?? azure, hook, tenant: given.tenant ?? 'acme' },
    ...{ isolation: 'tenant' as const, transcript: given.transcript, cwd: given.cwd },
    context: bytes(given.context ?? '{"hook_event_name":"Stop","n":12345678901234567890}'),
  };
}

/** Asks the judge at a port about one event. */
export function ask(port: number, given: Given = {}, hooks = hooksAt(port, given)) {
  const call = {
    evaluationId: 'e-1',
    budgetMs: given.budgetMs ?? 5_000,
    priority: 'normal' as const,
  };
  return hooks.run(jobOf(given), given.signal ?? never, call);
}
