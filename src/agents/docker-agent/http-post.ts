/**
 * The types of Docker Agent's hooks that are no commands. `type: model` is a prompt hook
 * (pkg/hooks/model_handler.go@7717bee6). The builtin `http_post`, which sends `args[1]` to `args[0]` and whose answer decides
 * nothing (pkg/hooks/builtins/builtins.go@7717bee6): an async http hook.
 */
import { literalTemplate } from '../../protocol/template.ts';
import type { KeyRule } from '../file-format.ts';
import { refused, typeOf } from '../key-rules.ts';

const isBuiltin = (hook: Readonly<Record<string, unknown>>) => hook['type'] === 'builtin';

const modelSchema = 'pre_tool_use_decision';

export const type: KeyRule = (value, hook) => {
  if (value === 'model')
    return hook['schema'] === modelSchema
      ? { set: { type: 'prompt' } }
      : {
          problem: `A model hook without schema: ${modelSchema} only adds text, and a judge decides: write a command.`,
        };
  if (value !== 'builtin') return typeOf()(value, hook);
  return hook['command'] === 'http_post'
    ? { set: { type: 'http', async: true } }
    : { problem: 'Of the builtin hooks only http_post can be run here: write a command.' };
};

export const command: KeyRule = (value, hook) =>
  isBuiltin(hook) ? {} : { set: { command: value } };

export const args: KeyRule = (value, hook) => {
  if (!isBuiltin(hook))
    return refused('args is for builtin hooks: write the whole line into command.')(value, hook);
  if (hook['command'] !== 'http_post') return {};
  const [url, body]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (body === undefined) return { set: { url } };
  try {
    // The text is sent as it is: what looks like a placeholder is none.
    return { set: { url, payload: JSON.parse(literalTemplate(String(body))) } };
  } catch {
    return { problem: 'args[1] is no JSON: http_post takes an address and a body.' };
  }
};
