/**
 * The formats of providers, each file of test/fixtures/wire/ in turn: the request that must be sent,
 * the answer of the server, and what is read. Every file says where it comes from.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostileServers } from '../hostile-servers.ts';
import { answeringAt } from '../http-hook-rig.ts';
import { ask, http, key, sent } from './rig.ts';

interface Recording {
  readonly source: string;
  readonly judge: Readonly<Record<string, unknown>>;
  readonly request?: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: object;
  };
  readonly answer: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: object;
    readonly text?: string;
  };
  readonly read: {
    readonly decision: string;
    readonly reason?: string;
    readonly code?: string;
    readonly asked?: object;
  };
}

const root = path.join(import.meta.dirname, '../../fixtures/wire');
const recordings = readdirSync(root).flatMap((format) =>
  readdirSync(path.join(root, format)).map((name) => {
    const text = readFileSync(path.join(root, format, name), 'utf8');
    // The key of the tests stands where the provider would quote one.
    const recording = JSON.parse(text.replaceAll('KEY', key)) as Recording;
    return [`${format}/${name}`, format, recording] as const;
  }),
);

let servers: HostileServers;
beforeEach(() => {
  servers = new HostileServers();
});
afterEach(() => servers.close());

it('every recording says where it comes from', () => {
  expect(recordings.length).toBeGreaterThan(45);
  for (const [name, , { source }] of recordings)
    expect(source, name).toMatch(/^(documentation|sdk|recording): \S/);
});

it.each(recordings)('%s', async (_, format, { judge, request, answer, read }) => {
  const requests: string[] = [];
  const headers = Object.entries(answer.headers ?? {}).map((one) => `${one.join(': ')}\r\n`);
  const reply = http(answer.body ?? answer.text ?? '', answer.status, headers.join(''));
  const port = await answeringAt(servers, requests, [reply]);
  const result = await ask(port, { entry: { format, ...judge } as never });
  const { code, asked = {}, ...said } = read;
  expect(result).toMatchObject({ ...said, asked });
  if (code !== undefined) expect(result.cause).toMatchObject({ kind: 'fail-mode', code });
  expect(JSON.stringify(result)).not.toContain(key);
  if (request === undefined) return;
  const [first = ''] = requests;
  expect(first.slice(0, first.indexOf(' HTTP'))).toBe(`POST ${request.path}`);
  for (const [name, value] of Object.entries(request.headers))
    expect(first).toContain(`\r\n${name}: ${value}\r\n`);
  expect(withoutTexts(sent(first))).toEqual(request.body);
});

/** The body with the names of the two texts, which have a mark of their own in each question. */
function withoutTexts(body: object): unknown {
  const text = JSON.stringify(body, (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (value.startsWith('You decide')) return 'SYSTEM';
    return value.startsWith('<data ') ? 'USER' : value;
  });
  return JSON.parse(text);
}
