import type { ServerResponse } from 'node:http';
import { afterEach, expect } from 'vitest';
import { type Asked, type StandIn, standIn } from './stand-in-server.ts';

export const context =
  '{"hook_event_name":"PreToolUse",  "n": 12345678901234567890.10, "é":"\\u00e9" }';

export const good = (response: ServerResponse) =>
  response.end(JSON.stringify({ stdout: 'said\n', stderr: 'logged\n', exitCode: 2 }));

export const blockOf = (stdout: string): string => {
  const said = JSON.parse(stdout);
  expect(said).toEqual({
    decision: 'block',
    reason: expect.stringContaining('hookpool has no decision: '),
  });
  return said.reason;
};

/** @returns a function that starts a server; it ends with the test. */
export function useStandIns() {
  const servers: StandIn[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  return async (
    reply: (response: ServerResponse, asked: Asked) => void,
    socket?: string,
  ): Promise<StandIn> => {
    const server = await standIn(reply, socket);
    servers.push(server);
    return server;
  };
}
