/** Connections of tenant a that send less, or more, than a request; and a log without a reader. */
import {
  type Attack,
  callContext,
  connections,
  evaluation,
  requests,
  type Target,
  wait,
} from './attack.ts';

const mib = 1 << 20;
/** Longer than b may wait: what keeps b waiting until the connections end is too long. */
const holdMs = 1_300;
const half = (target: Target, more: string) =>
  `POST /v1/evaluate HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${target.token}\r\nContent-Type: application/json\r\n${more}`;

const halfRequest = (path: string) => (target: Target) =>
  half(target, 'Content-Length: 1000\r\n\r\n{').replace('/v1/evaluate', path);

/**
 * Causes more log lines than a pipe holds, then sends b's requests while no process reads the log.
 */
const unreadLog: Attack = {
  name: 'a log that nobody reads, and 1,500 requests',
  send: async (target) => {
    const stderr = target.server.child.stderr;
    stderr?.pause();
    const wrong = requests('', () => ({ path: '/v1/evaluate', body: '{}' }), 250);
    try {
      const answers: string[] = [];
      for (let round = 0; round < 6 && !target.signal.aborted; round += 1)
        answers.push(...(await wrong.send(target)));
      await wait(500, target.signal);
      return answers;
    } finally {
      stderr?.resume();
    }
  },
};

export const connectionAttacks: readonly Attack[] = [
  connections('half requests', { count: 560, head: halfRequest('/v1/evaluate'), holdMs }),
  connections('half requests to /v1/run', {
    count: 560,
    head: halfRequest('/v1/run'),
    holdMs,
  }),
  connections('half requests to /v1/hook', {
    count: 560,
    head: halfRequest('/v1/hook?dialect=azure'),
    holdMs,
  }),
  connections('half heads', { count: 1_000, head: (target) => half(target, ''), holdMs }),
  connections('bodies of 20 MiB without their end', {
    count: 60,
    head: (target) => half(target, `Content-Length: ${20 * mib}\r\n\r\n`),
    piece: () => Buffer.alloc(256 << 10, 0x20),
    bytes: 19 * mib,
    holdMs,
  }),
  connections('chunked bodies without an end', {
    count: 60,
    head: (target) => half(target, 'Transfer-Encoding: chunked\r\n\r\n'),
    piece: () =>
      Buffer.concat([Buffer.from('40000\r\n'), Buffer.alloc(0x40000, 0x20), Buffer.from('\r\n')]),
    bytes: 19 * mib,
    holdMs,
  }),
  requests(
    'whole bodies of 19 MiB',
    () => ({ path: '/v1/evaluate', body: Buffer.alloc(19 * mib, 0x20) }),
    20,
  ),
  requests(
    'questions without a pause',
    () => evaluation({ hooks: { PreToolUse: [{ matcher: 'Bash', command: 'exit 0' }] } }),
    600,
  ),
  requests(
    'the same id',
    () => evaluation({ evaluationId: 'same', context: callContext, hooks: {} }),
    600,
  ),
  unreadLog,
];
