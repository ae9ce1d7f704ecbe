/** The type of an attack of tenant a, and functions that send one. */
import http from 'node:http';
import net from 'node:net';
import type { RunningServer } from '../server.ts';

export interface Attack {
  readonly name: string;
  /**
   * Some of a's requests have no deadline, and wait for their turn for longer than the attack
   * lasts.
   */
  readonly mayWait?: boolean;
  /** Milliseconds after which requests without an answer are given up; default: 8,000. */
  readonly lastsMs?: number;
  /** Sends all requests, and returns for each its status, or how it ended. */
  readonly send: (target: Target) => Promise<readonly string[]>;
}

export interface Target {
  readonly server: RunningServer;
  readonly url: string;
  readonly token: string;
  readonly adminToken: string;
  /** Aborted when the time of the attack is over. */
  readonly signal: AbortSignal;
}

export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly asAdmin?: boolean;
}

/** Sends the same request `times` times at once. Its text is made only once, when it is sent. */
export function requests(name: string, make: () => Request, times = 1): Attack {
  return {
    name: times === 1 ? name : `${name} (${times} at once)`,
    send: async (target) => {
      const request = make();
      const body = Buffer.from(request.body);
      return Promise.all(
        Array.from({ length: times }, () => sendOne(target, { ...request, body })),
      );
    },
  };
}

/** The deadline of a: the maximum time for the answer to any of its requests. */
export const deadlineMs = 2_000;

export const callContext = {
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
};

/** POST /v1/evaluate with a body of these members. */
export function evaluation(members: object): Request {
  return {
    path: '/v1/evaluate',
    body: JSON.stringify({ context: callContext, deadlineMs, ...members }),
  };
}

/** POST /v1/evaluate with the text of a body. */
export function evaluationText(body: string): Request {
  return { path: '/v1/evaluate', body };
}

/** POST /v1/hook with a context and the hooks behind it. */
export function hookCall(dialect: string, context: string, hooks: string): Request {
  const path = `/v1/hook?dialect=${dialect}&contextBytes=${Buffer.byteLength(context)}&deadlineMs=${deadlineMs}`;
  return { path, body: `${context}${hooks}` };
}

const agent = new http.Agent({ keepAlive: false });

function sendOne(target: Target, request: Request & { readonly body: Buffer }): Promise<string> {
  const { url, token, adminToken, signal } = target;
  const { method = 'POST', path, body, headers, asAdmin = false } = request;
  return new Promise((resolve) => {
    const outgoing = http.request(url + path, {
      method,
      agent,
      signal,
      headers: {
        authorization: `Bearer ${asAdmin ? adminToken : token}`,
        'content-type': 'application/json',
        'content-length': body.length,
        ...headers,
      },
    });
    outgoing.on('error', () => resolve(signal.aborted ? 'no answer' : 'closed'));
    outgoing.on('response', (response) => {
      response.resume();
      response.on('error', () => resolve(signal.aborted ? 'no answer' : 'closed'));
      response.on('end', () => resolve(String(response.statusCode)));
    });
    outgoing.end(body);
  });
}

export interface Connections {
  readonly count: number;
  /** The bytes that each connection sends first. */
  readonly head: (target: Target) => string;
  /** Further bytes, sent as fast as the server reads them. */
  readonly piece?: () => Buffer;
  /** Number of further bytes. */
  readonly bytes?: number;
  /** How long the connections stay open once the server reads no further bytes. */
  readonly holdMs: number;
}

/** Connections that are opened together, and send less, or more, than a request. */
export function connections(
  name: string,
  { count, head, piece, bytes = 0, holdMs }: Connections,
): Attack {
  return {
    name: `${name} (${count} at once)`,
    send: async (target) => {
      const { hostname, port } = new URL(target.url);
      const more = piece?.() ?? Buffer.alloc(0);
      let readAt = performance.now();
      const all = Array.from({ length: count }, () => {
        const socket = net.connect(Number(port), hostname);
        socket.on('error', () => undefined);
        let said = '';
        socket.on('data', (chunk: Buffer) => {
          said += chunk.toString('latin1');
        });
        const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
        socket.write(head(target));
        socket.on('drain', () => {
          readAt = performance.now();
        });
        if (more.length > 0) pour(socket, more, bytes);
        return { socket, closed, status: () => /^HTTP\/1\.1 (\d+)/.exec(said)?.[1] };
      });
      const everyOneClosed = Promise.all(all.map(({ closed }) => closed));
      const held = async () => {
        while (performance.now() - readAt < holdMs && !target.signal.aborted)
          await wait(readAt + holdMs - performance.now(), target.signal);
      };
      await Promise.race([everyOneClosed, held()]);
      // Connections that are still open get no answer; this is an effect of the attack itself.
      const ends = all.map(
        ({ socket, status }) => status() ?? (socket.destroyed ? 'closed' : 'held'),
      );
      for (const { socket } of all) socket.destroy();
      return ends;
    },
  };
}

/**
 * Sends only as fast as the other side reads, so that the bytes do not fill the memory of the test.
 */
function pour(socket: net.Socket, piece: Buffer, bytes: number): void {
  let left = bytes;
  const next = () => {
    while (left > 0 && !socket.destroyed) {
      left -= piece.length;
      if (!socket.write(piece)) {
        socket.once('drain', next);
        return;
      }
    }
  };
  next();
}

export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
