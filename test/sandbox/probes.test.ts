import { describe, expect, test } from 'vitest';
import { limitProbes } from '../../src/sandbox/probes.ts';
import { defaultLimits } from '../../src/sandbox/spec.ts';

const mib = 1 << 20;
const script = (name: string, limits: Partial<typeof defaultLimits>) =>
  limitProbes({ ...defaultLimits, ...limits }).find((probe) => probe.name === name)?.script ?? '';
const countIn = (text: string) => Number(/range\((\d+)\)/.exec(text)?.[1]);

describe('the probes of limits', () => {
  test.each([64, 256, 2048, 16_384])('ask for more than %d MiB of memory', (size) => {
    expect(countIn(script('memory', { memoryBytes: size * mib }))).toBeGreaterThan(size);
  });

  test('ask for more scratch and for more processes than there may be', () => {
    expect(countIn(script('scratch size', { scratchBytes: 100 * mib }))).toBeGreaterThan(100);
    expect(script('processes', { pids: 1000 })).toMatch(/count < 1500:.*'ok' if count < 1000/s);
  });

  test('leave a busy machine the time to fill the memory', () => {
    const probe = limitProbes({ ...defaultLimits, memoryBytes: 2048 * mib }).find(
      ({ name }) => name === 'memory',
    );
    expect(probe?.timeoutMs).toBeGreaterThan(2 * 10_000);
  });
});
