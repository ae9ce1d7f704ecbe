import { expect, it } from 'vitest';
import { type Ended, type Phase, runPhases } from './support/phases.ts';

async function endsOf(phases: readonly Phase[]): Promise<readonly Ended[]> {
  const told: Ended[] = [];
  const ends = await runPhases(phases, (end) => told.push(end));
  expect(told).toEqual(ends);
  return ends;
}

const outcomes = (ends: readonly Ended[]) => ends.map(({ name, outcome }) => `${name} ${outcome}`);

it('phases that need nothing of each other run side by side', async () => {
  // Each opens a pipe of which the other one opens the other end: in turn neither would end.
  const pipe = `/tmp/hookpool-phases-${process.pid}`;
  const ends = await endsOf([
    { name: 'pipe', command: `rm -f ${pipe}; mkfifo ${pipe}` },
    { name: 'one', command: `echo hello >${pipe}`, needs: ['pipe'] },
    { name: 'other', command: `cat ${pipe}; rm ${pipe}`, needs: ['pipe'] },
  ]);
  expect(ends.find(({ name }) => name === 'other')?.output).toBe('hello\n');
});

it('what a phase needs has passed before it; without that it is not run, and says what it lacks', async () => {
  const ends = await endsOf([
    { name: 'last', command: 'true', needs: ['middle'] },
    { name: 'middle', command: 'true', needs: ['first'] },
    { name: 'first', command: 'false; true' },
  ]);
  expect(outcomes(ends)).toEqual(['first failed', 'middle not run', 'last not run']);
  expect(ends.map(({ output }) => output)).toEqual(['', 'It needs first.\n', 'It needs middle.\n']);
});

it('what a phase comes after has ended before it, well or not', async () => {
  const ends = await endsOf([
    { name: 'second', command: 'echo out; echo err >&2', after: ['first'] },
    { name: 'first', command: 'exit 3' },
  ]);
  expect(outcomes(ends)).toEqual(['first failed', 'second passed']);
  expect(ends[1]?.output.split('\n').toSorted()).toEqual(['', 'err', 'out']);
});

it('phases that wait for each other, or for one that is not there, are told', async () => {
  const circle = [
    { name: 'one', command: 'true', needs: ['other'] },
    { name: 'other', command: 'true', after: ['nobody'] },
  ];
  await expect(endsOf(circle)).rejects.toThrow('wait for what never ends: one, other');
});
