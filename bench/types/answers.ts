/** What the stand-in answers: a service that blocks, and a judge that says no. */

const reason = 'rm -rf is not permitted.';

/** In the words of the dialect `azure`. */
export const serviceAnswer = JSON.stringify({ decision: 'block', reason });

/** The block in which the result of a judge's first tool stands. */
const toolBlock = /<data [0-9a-f]{32} TOOL_1>/;

/**
 * An answer of the chat format: where the judge may use tools and has no result yet, it reads the
 * context; else it says no.
 * @param question the body of the request.
 */
export function standInAnswer(question: string): string {
  const hasTools = question.includes('"tools":[');
  const uses = hasTools && !toolBlock.test(question);
  return JSON.stringify({
    ...{ id: 'c-1', object: 'chat.completion', created: 1, model: 'stand-in' },
    choices: [{ index: 0, ...(uses ? toolUse() : verdict()) }],
    usage: { prompt_tokens: 900, completion_tokens: 20 },
  });
}

function verdict() {
  const content = JSON.stringify({ reason, ok: false });
  return { finish_reason: 'stop', message: { role: 'assistant', content } };
}

function toolUse() {
  const called = { name: 'ReadFile', arguments: JSON.stringify({ file: 'context' }) };
  return {
    finish_reason: 'tool_calls',
    message: {
      ...{ role: 'assistant', content: null },
      tool_calls: [{ id: 'call-1', type: 'function', function: called }],
    },
  };
}

/** @throws Error if the service or the judge did not say no. */
export function expectNo(answer: string): void {
  const { decision, choices } = JSON.parse(answer) as {
    readonly decision?: string;
    readonly choices?: readonly { readonly message: { readonly content: string | null } }[];
  };
  if (decision === 'block') return;
  const content = choices?.[0]?.message.content;
  const said = typeof content === 'string' ? (JSON.parse(content) as { ok?: unknown }) : {};
  if (said.ok !== false) throw new Error(`The stand-in did not say no: ${answer.slice(0, 200)}`);
}
