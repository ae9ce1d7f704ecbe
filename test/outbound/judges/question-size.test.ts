import { describe, expect, it } from 'vitest';
import { useServices } from '../http-hook-rig.ts';
import { ask, http, no } from './rig.ts';

const services = useServices();
const { answering } = services;

const code = (name: string) => ({ decision: 'block', cause: { kind: 'fail-mode', code: name } });

describe('a question to a judge', () => {
  it.each([
    ['raw', 'a'.repeat(3_000)],
    ['escaped', '<'.repeat(600)],
  ])('is too long before its data is escaped or looked up: %s', async (_, x) => {
    const looked: string[] = [];
    const cache = { get: async (key: string) => void looked.push(key), set: () => {} };
    const given = {
      ...{ context: JSON.stringify({ n: 1, x }), entry: { inputBytes: 3_000 } },
      ...{ action: { cache: { seconds: 60, of: ['n'] } }, options: { cache } },
    };
    const result = await ask(1, given);
    expect(result).toMatchObject(code('INPUT_TOO_LARGE'));
    expect(JSON.stringify(result)).toContain('more than 3000 bytes');
    expect(looked).toEqual([]);
  });

  it('has the fixed words in its size', async () => {
    const result = await ask(1, { entry: { inputBytes: 1_024 } });
    expect(result).toMatchObject(code('INPUT_TOO_LARGE'));
    expect(JSON.stringify(result)).toMatch(/has [0-9]+ bytes; the judge fast takes 1024/);
  });

  it('is asked without the cache where its members of the key are too long to read', async () => {
    const port = await answering(http(no));
    const action = { select: ['n'], cache: { seconds: 60, of: ['x'] } };
    const context = JSON.stringify({ n: 1, x: 'a'.repeat(3_000) });
    const result = await ask(port, { action, context, entry: { inputBytes: 3_000 } });
    expect(result).toMatchObject({ reason: 'no evidence' });
    expect(result.asked).not.toHaveProperty('cache');
  });
});
