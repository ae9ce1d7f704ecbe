import { expect, test } from 'vitest';
import { busySeconds, cpuSource, processCpuSeconds } from '../../bench/cpu.ts';

test('idle, iowait and stolen time are not work', () => {
  expect(busySeconds('cpu  100 20 30 9999 8888 7 3 5555 0 0\ncpu0 1 1 1 1\n')).toBeCloseTo(1.6, 10);
});

test('work shows in the CPU time of the machine and of the process', () => {
  const source = cpuSource();
  const before = { machine: source.seconds(), process: processCpuSeconds(process.pid) };
  const until = performance.now() + 60;
  while (performance.now() < until);
  expect(source.seconds() - before.machine).toBeGreaterThan(0.005);
  expect(processCpuSeconds(process.pid) - before.process).toBeGreaterThan(0.005);
});

test('a process that is gone has no CPU time', () => {
  expect(processCpuSeconds(2 ** 22 + 1)).toBe(0);
});
