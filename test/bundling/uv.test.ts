import { expect, it } from 'vitest';
import { isUv, packagesProblem, uvScript, withoutUv } from '../../src/bundling/uv.ts';

const file = (text: string) => ({
  path: 'x.py',
  executable: true,
  content: Buffer.from(text, 'latin1'),
});

it.each<[string, string[] | undefined, string[]?]>([
  ['run x.py a', ['x.py', 'a']],
  ['run --script -q x.py', ['x.py']],
  ['run --with rich -p 3.12 python x.py', ['x.py'], ['rich']],
  ['run --with', undefined],
  ['run pytest', undefined],
  ['run', undefined],
  ['pip install x', undefined],
])('uv %s', (given, words, packages = []) => {
  const script = uvScript(given.split(' '));
  expect(script).toEqual(words === undefined ? undefined : { words, packages });
});

it('python3 takes the place of uv in a first line', () => {
  const started = file('#!/usr/bin/env -S uv run --script\nprint(1)\n');
  expect(isUv(started)).toBe(true);
  const text = Buffer.from(withoutUv(started).content).toString();
  expect(text).toBe('#!/usr/bin/env python3\nprint(1)\n');
  const other = file('#!/bin/bash\nuv run x.py');
  expect(isUv(other)).toBe(false);
  expect(withoutUv(other)).toBe(other);
});

it.each<[string, string[], string | undefined]>([
  ['# /// script\n# dependencies = ["rich>=1", \'yaml\']\n# ///\n', [], 'packages rich, yaml,'],
  ['# /// script\n# dependencies = [\n#   "rich",\n# ]\n# ///\n', [], 'package rich,'],
  ['# /// script\n# dependencies = []\n# ///\n', [], undefined],
  ['# /// script\n# dependencies = ["python-dotenv", "PyYAML"]\n# ///\n', [], undefined],
  ['# /// script\n# dependencies = ["rich"]\n', [], undefined],
  ['dependencies = ["rich"]', [], undefined],
  ['\xFF', [], undefined],
  ['', ['rich'], 'package rich,'],
])('packages of %j', (text, more, part) => {
  const problem = packagesProblem('x.py', file(text), more);
  const told = `x.py needs the python ${part} which the sandbox's image does not have.`;
  expect(problem).toBe(part === undefined ? undefined : told);
});

it('a file that is not there has no packages', () => {
  expect(packagesProblem('x.py', undefined)).toBeUndefined();
});
