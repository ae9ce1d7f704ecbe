/**
 * What the hooks of the examples ask, on this machine: a judge (/v1/chat/completions), a policy
 * service (/v1/check) and an audit service (/audit). judges.json and targets.json beside this file
 * name it to hookpool. In a second terminal:
 *
 *   node examples/stand-in/server.mjs
 */
import { once } from 'node:events';
import http from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { judge } from './judge.mjs';

/** The port that judges.json, targets.json and file-writes/hooks.yaml name. */
export const usualPort = 9000;

const answers = { '/v1/chat/completions': judge, '/v1/check': check, '/audit': () => undefined };

/**
 * Listens on 127.0.0.1.
 * @param port 0: any free one. @param onRequest is told the path and the body of each request.
 * @throws the error of the system, `EADDRINUSE` where the port is taken.
 */
export async function startStandIn(port, onRequest = () => undefined) {
  const server = http.createServer(async (request, response) => {
    try {
      const answerTo = answers[request.url];
      if (answerTo === undefined || request.method !== 'POST') return send(response, 404);
      const body = await json(request);
      onRequest(request.url, body);
      const answer = answerTo(body);
      send(response, answer === undefined ? 204 : 200, answer);
    } catch {
      send(response, 400);
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { port: server.address().port, close };
}

/** The policy service: it flags files that usually hold secrets. */
function check({ path }) {
  const name = String(path).split('/').at(-1);
  if (!/^\.env|\.pem$|^id_/.test(name)) return { flagged: false };
  return { flagged: true, detail: `${name} holds secrets: an agent does not write it.` };
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv[2] ?? usualPort);
  try {
    await startStandIn(port, (url, body) =>
      console.log(url === '/audit' ? `audit: ${JSON.stringify(body)}` : `asked: ${url}`),
    );
    console.log(`Listening on 127.0.0.1:${port}. Ctrl-C ends it.`);
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    console.error(
      `Port ${port} is taken. Give another one as the argument, and write it into judges.json, targets.json and file-writes/hooks.yaml.`,
    );
    process.exitCode = 1;
  }
}
