/** What `hookpool status` asks a server about itself. */

import type { Level } from '../../sandbox/examine.ts';
import { askServer } from './ask-server.ts';

export interface StatusFinding {
  readonly level: Level;
  /** What was looked at: a file, or a server. */
  readonly name: string;
  readonly text: string;
  readonly ms?: number;
}

/** @param hooksets the sets that lines name. */
export async function serverFindings(
  server: string,
  token: string | undefined,
  hooksets: readonly string[],
): Promise<StatusFinding[]> {
  const ready = await readiness(server);
  if (ready.level === 'fail' && !ready.isThere) return [of(server, 'fail', ready.text)];
  const sets = await askServer(server, '/v1/hooksets', token);
  const role = roleOf(sets.status, token);
  const first = of(server, ready.level, ready.text);
  const second = of(server, role.level, role.text);
  if (sets.status !== 200) return [first, second];
  const stored = await Promise.all(
    hooksets.map(async (name) => ({
      name,
      ...(await askServer(server, `/v1/hooksets/${encodeURIComponent(name)}`, token)),
    })),
  );
  const missing = stored.filter(({ status }) => status === 404);
  return [
    first,
    second,
    ...missing.map(({ name }) =>
      of(server, 'fail', `The hook set ${name} is not stored. ${howToStore(server, name)}`),
    ),
  ];
}

/** The command that stores a hook set, for people. */
function howToStore(server: string, name: string): string {
  return `Send it: hookpool bundle FILE | curl -T - -H 'Content-Type: application/json' ${server}/v1/hooksets/${name}`;
}

export async function readyLine(server: string): Promise<{ text: string; isReady: boolean }> {
  const { level, text } = await readiness(server);
  return level === 'ok'
    ? { text: 'hookpool: ready', isReady: true }
    : { text: `hookpool: ${text}`, isReady: false };
}

async function readiness(server: string) {
  const { status, text } = await askServer(server, '/readyz', undefined);
  if (status === 200) return { level: 'ok' as const, isThere: true, text: 'The server is ready.' };
  if (status === 0)
    return {
      level: 'fail' as const,
      isThere: false,
      text: `No server answers (${text}): hookpool serve.`,
    };
  const why = reasonIn(text) ?? `it answered ${status}`;
  return {
    level: 'fail' as const,
    isThere: status === 503,
    text: `The server is not ready: ${why}`,
  };
}

function reasonIn(text: string): string | undefined {
  return /"(?:reason|message)":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
}

function roleOf(status: number, token: string | undefined): Pick<StatusFinding, 'level' | 'text'> {
  const which = token === undefined ? 'A call without a token' : 'The token';
  if (status === 200) return { level: 'ok', text: `${which} is accepted, with the role admin.` };
  if (status === 403) return { level: 'ok', text: `${which} is accepted, with the role evaluate.` };
  if (status === 401) return { level: 'fail', text: `${which} is refused: set HOOKPOOL_TOKEN.` };
  return { level: 'warn', text: `The server answered ${status} when it was asked for hook sets.` };
}

function of(name: string, level: StatusFinding['level'], text: string): StatusFinding {
  return { level, name, text };
}
