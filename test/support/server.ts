/** A built `hookpool serve` in a separate process, on a free port of this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');

export interface RunningServer {
  readonly url: string;
  readonly child: ChildProcess;
  /** Lines of the log so far. */
  readonly log: readonly string[];
  readonly exited: Promise<number | null>;
  ask(method: string, place: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  readonly body: any;
}

export async function startServer(
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  program = main,
): Promise<RunningServer> {
  const child = spawn(process.execPath, [program, 'serve', '--listen', '127.0.0.1:0', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const log: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      const found = /"url":"([^"]+)"/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exited.then((code) => reject(new Error(`serve ended with ${code}: ${log.join('\n')}`)));
  });
  return {
    url,
    child,
    log,
    exited,
    ask: (method, place, options) => ask(method, url + place, options),
  };
}

export async function ask(
  method: string,
  url: string,
  { json, text, headers }: AskOptions = {},
): Promise<Answer> {
  const content = json === undefined ? text : JSON.stringify(json);
  const type: Record<string, string> =
    json === undefined ? {} : { 'content-type': 'application/json' };
  const body = content === undefined ? {} : { body: content };
  const answer = await fetch(url, { method, headers: { ...type, ...headers }, ...body });
  const said = await answer.text();
  const isJson =
    answer.headers.get('content-type')?.includes('application/json') === true && said !== '';
  return {
    status: answer.status,
    headers: answer.headers,
    text: said,
    body: isJson ? JSON.parse(said) : undefined,
  };
}
