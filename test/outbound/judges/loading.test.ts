/** When the packages of the judges' formats are loaded: they take 0.2 s and 17 MB. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loaded } from '../../support/loaded.ts';
import { HostileServers } from '../hostile-servers.ts';
import { answeringAt } from '../http-hook-rig.ts';
import { ask, hooksAt, http, no } from './rig.ts';

const packages = vi.hoisted(() => [] as string[]);
vi.mock('@ai-sdk/openai-compatible', (original) => {
  packages.push('openai-compatible');
  return original();
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
