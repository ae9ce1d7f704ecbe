/**
 * `/v1/chat/completions` before a model file: a true engine, tokenizer and grammar, with messages
 * written as the model's chat template does. It prints its port.
 *
 * usage: node judge-server.mjs NODE_LLAMA_CPP MODEL
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , packageFolder, modelPath] = process.argv;
const entry = path.join(String(packageFolder), 'dist/index.js');
const { getLlama, LlamaCompletion } = await import(pathToFileURL(entry).href);
const llama = await getLlama({
  ...{ build: 'never', skipDownload: true, gpu: false, maxThreads: 1, logLevel: 'error' },
  progressLogs: false,
});
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 4096 });
const sequence = context.getSequence();
const completion = new LlamaCompletion({ contextSequence: sequence });

/** One question at a time: there is one sequence. */
let before = Promise.resolve();

async function answer({ messages, response_format: format, max_tokens: maxTokens }) {
  const prompt = messages.map(({ role, content }) => `${role}: ${content}\n`).join('');
  const schema = format?.json_schema?.schema;
  const grammar = schema && (await llama.createGrammarForJsonSchema(schema));
  await sequence.clearHistory();
  const tokens = model.tokenize(`${prompt}assistant: `);
  const { response, metadata } = await completion.generateCompletionWithMeta(tokens, {
    ...{ grammar, maxTokens, temperature: 0 },
  });
  const output = model.tokenize(response).length;
  return {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'judge-by-hand' },
    choices: [
      {
        ...{ index: 0, message: { role: 'assistant', content: response } },
        finish_reason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
      },
    ],
    usage: {
      ...{ prompt_tokens: tokens.length, completion_tokens: output },
      total_tokens: tokens.length + output,
    },
  };
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const said = before.then(() => answer(JSON.parse(Buffer.concat(chunks).toString())));
  before = said.catch(() => undefined);
  const [status, body] = await said.then(
    (given) => [200, given],
    (error) => [500, { error: { message: String(error) } }],
  );
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${server.address().port}\n`);
