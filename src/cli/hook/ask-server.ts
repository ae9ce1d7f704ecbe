/**
 * Sends one POST /v1/hook. It uses node:http, because loading fetch alone costs half of a bare
 * start of node. The caller enforces the deadline: it ends the process when the time is over.
 */

import { readFile } from 'node:fs/promises';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import type { Answer } from '../../answering/answer-for.ts';
import { messageOf } from '../../errors.ts';
import { parseUrl } from '../../parse-url.ts';
import type { TraceContext } from '../../protocol/trace-context.ts';
import { thisUser } from './environment.ts';
import type { HookOptions } from './options.ts';
import { UndecidedError } from './undecided.ts';

/**
 * A rewritten input can be as large as the stdout of a hook; nothing else that an agent reads is
 * larger.
 */
const maxAnswerBytes = 8 << 20;
/**
 * Time reserved for the way back of the answer: the server gets the remaining time minus this, but
 * at least nine tenths.
 */
const wayBackMs = 500;

/** The status of a server whose hooks read the transcript, where it was only offered. */
const transcriptNeeded = 428;

/**
 * Offers the transcript, and sends it when the server says that a hook reads it: all other events
 * cost no reading and no second request.
 * @throws UndecidedError
 */
export async function askServer(
  options: HookOptions,
  context: Buffer,
  deadlineAt: number,
): Promise<Answer> {
  const { dialect, transcriptBytes, tokenFile } = options;
  const [hooks, fromFile, trace] = await Promise.all([
    read(options.hooksFile),
    read(tokenFile),
    traceOf(options),
  ]);
  const token = fromFile?.toString().trim() ?? options.token;
  const ask = (transcript: Buffer | 'offered' | undefined) => {
    const leftMs = deadlineAt - performance.now();
    const query = queryOf(options, {
      contextBytes: hooks === undefined ? undefined : context.length,
      deadlineMs: Math.max(1, Math.floor(Math.max(leftMs - wayBackMs, leftMs * 0.9))),
    });
    return post(options.server, query, { parts: [context, hooks], transcript, token, trace });
  };
  const first = await ask(transcriptBytes > 0 ? 'offered' : undefined);
  if (first.status !== transcriptNeeded || transcriptBytes === 0) return readAnswer(first);
  const { readTranscript } = await import('./transcript.ts');
  const { bytes, problem } = await readTranscript(dialect, context, transcriptBytes, thisUser());
  const answer = readAnswer(await ask(bytes));
  return problem === undefined ? answer : { ...answer, stderr: answer.stderr + problem };
}

/** Loads the grammar only for an agent that names a trace. */
async function traceOf({ trace }: HookOptions): Promise<TraceContext | undefined> {
  if (trace === undefined) return undefined;
  const { readTrace } = await import('../../protocol/trace-context.ts');
  return readTrace(trace.parent, trace.state);
}

function queryOf(
  { dialect, agent, event, hookset, tenant, thread, cwd }: HookOptions,
  more: object,
): string {
  const fields = Object.entries({ dialect, agent, event, hookset, tenant, thread, cwd, ...more });
  return fields
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
    )
    .join('&');
}

interface Sent {
  /** The context, and the hooks file if it is sent along. */
  readonly parts: readonly (Buffer | undefined)[];
  readonly transcript: Buffer | 'offered' | undefined;
  readonly token: string | undefined;
  readonly trace: TraceContext | undefined;
}

interface Received {
  readonly status: number;
  readonly text: string;
}

async function post(
  server: string,
  query: string,
  { parts, transcript, token, trace }: Sent,
): Promise<Received> {
  const behind = transcript === 'offered' ? undefined : transcript;
  const said = behind === undefined ? transcript : behind.length;
  const body = [...parts, behind].filter((part) => part !== undefined);
  const headers = {
    'content-type': 'application/json',
    'content-length': body.reduce((sum, { length }) => sum + length, 0),
    ...(said === undefined ? {} : { 'hookpool-transcript': String(said) }),
    ...(trace === undefined ? {} : { traceparent: trace.traceparent }),
    ...(trace?.tracestate === undefined ? {} : { tracestate: trace.tracestate }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const { place, secure } = placeOf(server, query);
  const { request: open } = secure ? await import('node:https') : http;
  try {
    return await new Promise((resolve, reject) => {
      const request = open({ ...place, method: 'POST', headers, agent: false });
      request.on('error', reject);
      request.on('response', (response) => {
        readText(response).then(
          (text) => resolve({ status: response.statusCode ?? 0, text }),
          reject,
        );
      });
      for (const part of body) request.write(part);
      request.end();
    });
  } catch (error) {
    if (error instanceof UndecidedError) throw error;
    const text = `${server} cannot be asked (${reasonOf(error)}). Is hookpool serve running there?`;
    throw new UndecidedError(text, { cause: error });
  }
}

/** The codes of node's parser tell nobody what to do. */
function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string') return messageOf(error);
  return code.startsWith('HPE_') ? 'its answer is no HTTP' : code;
}

function placeOf(server: string, query: string): { place: RequestOptions; secure: boolean } {
  const url = parseUrl(server);
  if (url === undefined || !['http:', 'https:', 'unix:'].includes(url.protocol)) {
    throw new UndecidedError(`the server "${server}" is no http://, https:// or unix:// address`);
  }
  if (url.protocol === 'unix:') {
    return {
      place: { socketPath: decodeURIComponent(url.pathname), path: `/v1/hook?${query}` },
      secure: false,
    };
  }
  const { hostname, port, pathname, protocol } = url;
  const path = `${pathname.replace(/\/$/, '')}/v1/hook?${query}`;
  // A URL has brackets around an IPv6 address, a host name has none.
  const place = {
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    path,
    ...(port === '' ? {} : { port }),
  };
  return { place, secure: protocol === 'https:' };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).length;
    if (length > maxAnswerBytes)
      throw new UndecidedError(`the server's answer has more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

function readAnswer({ status, text }: Received): Answer {
  const value = parse(text);
  if (status !== 200) {
    const error = Object(value?.['error']) as {
      readonly code?: unknown;
      readonly message?: unknown;
    };
    const code = textOr('', error.code);
    const message = textOr('no message', error.message);
    throw new UndecidedError(`the server answered ${status} ${code}: ${message}`);
  }
  const { stdout, stderr, exitCode } = value ?? {};
  const whole =
    typeof stdout === 'string' && typeof stderr === 'string' && (exitCode === 0 || exitCode === 2);
  if (!whole) throw new UndecidedError("the server's answer is none of hookpool");
  return { stdout, stderr, exitCode };
}

function textOr(otherwise: string, value: unknown): string {
  return typeof value === 'string' ? value : otherwise;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

async function read(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    const isFolder = (error as { readonly code?: unknown }).code === 'EISDIR';
    const why = isFolder ? 'it is a folder' : messageOf(error);
    throw new UndecidedError(`${file} cannot be read: ${why}`, { cause: error });
  }
}
