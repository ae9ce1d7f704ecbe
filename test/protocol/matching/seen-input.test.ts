import { describe, expect, it } from 'vitest';
import { seenInput, subjectOf } from '../../../src/protocol/matching/seen-input.ts';

describe('what conditions see', () => {
  it('is the commands of a line of shell', () => {
    const [seen] = seenInput({ toolInput: { command: 'A=1 git push; (ls | wc)' } });
    expect(seen).toMatchObject({ member: 'command', as: 'command', understood: true });
    expect(seen?.commands).toEqual(['git push', 'ls', 'wc']);
  });

  it('is a line that is not understood, for which every condition holds', () => {
    const [seen] = seenInput({ toolInput: { command: 'if then' } });
    expect(seen).toMatchObject({ commands: [], understood: false });
  });

  it('is a path as it is', () => {
    expect(seenInput({ toolInput: { file_path: '/a', other: 'x', cmd: 3 } })).toEqual([
      { member: 'file_path', value: '/a', as: 'path' },
    ]);
  });

  it('is nothing where the input is too large or no object', () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, 'x']));
    expect([seenInput({ toolInput: many }), seenInput({ toolInput: 'x' })]).toEqual([[], []]);
  });

  it('is used on its first text where it has too many members to be tested', () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, `x${n}`]));
    expect(subjectOf({ toolInput: many })).toBe('x0');
  });

  it('is bounded: 200 characters of a text, 20 commands of a line', () => {
    const [long] = seenInput({ toolInput: { path: 'x'.repeat(500) } });
    expect(long?.value).toHaveLength(200);
    const [line] = seenInput({ toolInput: { command: Array(50).fill('ls').join('; ') } });
    expect(line?.commands).toHaveLength(20);
  });
});

describe('what a tool is used on', () => {
  it.each([
    [{ description: 'Lists', command: 'ls\n  -l' }, 'ls -l'],
    [{ content: 'text', file_path: '/a' }, '/a'],
    [{ n: 1, url: 'https://a.example' }, 'https://a.example'],
    [{ command: '', query: 'who' }, 'who'],
    ['plain', 'plain'],
    [{ n: 1 }, undefined],
    [undefined, undefined],
  ])('of %j is %j', (toolInput, subject) => {
    expect(subjectOf({ toolInput })).toBe(subject);
  });

  it('has at most 200 characters, and no half of one', () => {
    const subject = subjectOf({ toolInput: { command: 'x'.repeat(198) + '😀'.repeat(20) } });
    expect(subject).toBe(`${'x'.repeat(198)}…`);
  });
});
