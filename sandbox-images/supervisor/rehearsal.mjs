// A guard as an ES module, which reads a stream and writes one.
import { Socket } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param {() => number} pipe the two ends of a new pipe: 256 * reading + writing */
export async function run(pipe) {
  const ends = pipe();
  const out = new Socket({ fd: ends % 256, readable: false, writable: true });
  const input = new Socket({ fd: Math.floor(ends / 256), readable: true, writable: false });
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const context = { tool_input: { command: 'rm -rf /' }, cwd: folder };
  out.end(JSON.stringify(context));
  let text = '';
  input.setEncoding('utf8');
  for await (const chunk of input) text += chunk;
  return /\brm\b/.test(JSON.parse(text).tool_input.command);
}
