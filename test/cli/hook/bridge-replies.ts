/** How stand-ins of a server answer the bridges. */
import type { ServerResponse } from 'node:http';
import type { Asked } from '../../support/stand-in-server.ts';

export type Reply = (response: ServerResponse, asked: Asked) => void;

export const end = '\u001e';

/** An answer in the form that the bridge asks for. */
export const answer =
  (stdout: string, stderr = '', exitCode = 0): Reply =>
  (response, { headers }) =>
    void response.end(
      headers.accept === 'text/plain'
        ? [exitCode, stdout, stderr].map((one) => one + end).join('')
        : JSON.stringify({ stdout, stderr, exitCode }),
    );
/** Bytes on the connection in the place of an answer of node's server. */
export const raw =
  (...pieces: readonly string[]): Reply =>
  async ({ socket }) => {
    for (const piece of pieces) await new Promise((resolve) => socket?.write(piece, resolve));
    socket?.end();
  };
export const body =
  (text: string): Reply =>
  (response) =>
    void response.end(text);
export const error =
  (status: number): Reply =>
  (response) =>
    void response.writeHead(status).end('{"error":{"code":"SOME_CODE","message":"Some message."}}');
/** An answer on a connection of its own, with a head that node's server would not send. */
export const written =
  (head: string, frame: (text: string) => string = (text) => text): Reply =>
  (response, asked) => {
    let text = '';
    const into = { end: (whole: string) => (text = whole) } as unknown as ServerResponse;
    answer('said', 'logged', 2)(into, asked);
    void raw(`${head}\r\n\r\n${frame(text)}`)(response, asked);
  };
export const inChunks = (size: number) => (text: string) => {
  const parts = text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
  const hex = (part: string) => Buffer.byteLength(part).toString(16).toUpperCase();
  return `${parts.map((part) => `${hex(part)};x=y\r\n${part}\r\n`).join('')}0\r\nA: b\r\n\r\n`;
};
export const ok = 'HTTP/1.1 200 OK';

export function flood(response: ServerResponse): void {
  const chunk = 'x'.repeat(1 << 20);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    response.once('drain', more);
  };
  response.on('error', () => undefined);
  more();
}

export function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 50);
  response.once('close', () => clearInterval(timer));
}
