/** When the packages of the judges' formats are loaded (0.1 s), and their models built. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loaded } from '../../support/loaded.ts';
import { HostileServers } from '../hostile-servers.ts';
import { answeringAt } from '../http-hook-rig.ts';
import { ask, chat, hooksAt, http, no, sent } from './rig.ts';

const { packages, built } = vi.hoisted(() => ({ packages: [] as string[], built: [] as object[] }));
type Compatible = typeof import('@ai-sdk/openai-compatible');
vi.mock('@ai-sdk/openai-compatible', async (original) => {
  packages.push('openai-compatible');
  const actual = (await original()) as Compatible;
  const createOpenAICompatible: Compatible['createOpenAICompatible'] = (options) => {
    built.push(options);
    return actual.createOpenAICompatible(options);
  };
  return { ...actual, createOpenAICompatible };
});
vi.mock('@ai-sdk/anthropic', (original) => {
  packages.push('anthropic');
  return original();
});

let servers: HostileServers;
beforeEach(() => {
  servers = new HostileServers();
});
afterEach(() => servers.close());

it('a process loads the package of a format with the first question in it, and no other', async () => {
  const port = await answeringAt(servers, [], [http(no)]);
  const hooks = hooksAt(port);
  expect((await ask(port, { tenant: 'other' }, hooks)).cause).toMatchObject({
    code: 'JUDGE_UNKNOWN',
  });
  expect(packages).toEqual([]);
  expect((await ask(port, {}, hooks)).decision).toBe('block');
  expect((await ask(port, {}, hooks)).decision).toBe('block');
  expect(packages).toEqual(['openai-compatible']);
});

it('no command and no program that embeds hookpool loads them when it starts', () => {
  const src = path.join(import.meta.dirname, '../../../src');
  const files = readdirSync(path.join(src, 'cli'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(src, 'cli', file));
  const seen = new Set<string>();
  for (const file of [path.join(src, 'index.ts'), ...files]) loaded(file, seen);
  expect(seen).toContain(path.join(src, 'outbound/judges/wire.ts'));
  expect([...seen].filter((name) => name.startsWith('@ai-sdk/'))).toEqual([]);
});

it('a question takes the model that an earlier one has left, and has it alone', async () => {
  const waiting: (() => void)[] = [];
  let hasArrived = () => {};
  const arrived = new Promise<void>((resolve) => {
    hasArrived = resolve;
  });
  const port = await servers.serve((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (!text.endsWith('}')) return;
      const name = /who[^a-z]+([a-z]+)/.exec(JSON.stringify(sent(text)))?.[1];
      const verdict = JSON.stringify({ reason: `no to ${name}`, ok: false });
      waiting.push(() => socket.end(http(chat(verdict))));
      hasArrived();
      // Both are asked before either is answered, the second one first.
      if (name !== 'bea') while (waiting.length > 0) waiting.pop()?.();
    });
  });
  const hooks = hooksAt(port);
  const reasonFor = async (who: string) =>
    (await ask(port, { context: JSON.stringify({ who }) }, hooks)).reason;
  const before = built.length;
  const bea = reasonFor('bea');
  await arrived;
  expect(await reasonFor('carl')).toBe('no to carl');
  expect(await bea).toBe('no to bea');
  expect(built.length - before).toBe(2);
  expect(await reasonFor('dora')).toBe('no to dora');
  expect(built.length - before).toBe(2);
});
