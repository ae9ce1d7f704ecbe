/**
 * A service and a judge on loopback that answer at once, in a process of their own, so that their
 * work is not on the thread that is measured. Prints the ports of HTTP and of HTTPS.
 */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { certificate, certificateKey } from '../../test/outbound/certificate.ts';
import { serviceAnswer, standInAnswer } from './answers.ts';

/** Longer than a round of turns, so that a client that keeps its connection finds it again. */
const keptMs = 60_000;
/** The bodies of the last two questions. */
const last: string[] = [];

const answer: RequestListener = async (request, response) => {
  const body = await text(request);
  response.setHeader('content-type', 'application/json');
  if (request.url === '/check') response.end(serviceAnswer);
  else if (request.url === '/last') response.end(JSON.stringify(last));
  else {
    last.push(body);
    if (last.length > 2) last.shift();
    response.end(standInAnswer(body));
  }
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

process.once('SIGTERM', () => process.exit());
const plain = createServer({ keepAliveTimeout: keptMs }, answer);
const tls = createTlsServer({ cert: certificate, key: certificateKey }, answer);
console.log(`${await listen(plain)} ${await listen(tls)}`);
