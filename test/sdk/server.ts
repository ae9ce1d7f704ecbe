/** A server of this machine that keeps what it is asked, and answers like a provider. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Recorded {
  readonly address: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const verdict = { reason: 'no evidence', ok: false };

/** The answer of OpenAI, as its documentation has it; to a forced call where one is asked for. */
function chatAnswer(isCalled: boolean): object {
  const call = {
    ...{ id: 'call_1', type: 'function' },
    function: { name: 'verdict', arguments: JSON.stringify(verdict) },
  };
  const message = isCalled
    ? { role: 'assistant', content: null, tool_calls: [call] }
    : { role: 'assistant', content: JSON.stringify(verdict), refusal: null };
  return {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'small-1' },
    choices: [{ index: 0, message, finish_reason: isCalled ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: 30, completion_tokens: 9, total_tokens: 39 },
  };
}

function messageAnswer(isCalled: boolean): object {
  const content = isCalled
    ? [{ type: 'tool_use', id: 'toolu_1', name: 'verdict', input: verdict }]
    : [{ type: 'text', text: JSON.stringify(verdict) }];
  return {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'small-1', content },
    ...{ stop_reason: isCalled ? 'tool_use' : 'end_turn', stop_sequence: null },
    usage: { input_tokens: 30, output_tokens: 9 },
  };
}

export async function startServer() {
  const seen: Recorded[] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const body = JSON.parse(text) as Recorded['body'];
    const address = `${request.method} ${request.url}`;
    seen.push({ address, headers: request.headers, body });
    const isCalled = body['tool_choice'] !== undefined;
    const answer = address.endsWith('/messages') ? messageAnswer(isCalled) : chatAnswer(isCalled);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    last: () => seen.at(-1) as Recorded,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
