import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseSettings } from '../../src/files/settings-file.ts';

const schema = z.strictObject({ of: z.array(z.strictObject({ port: z.int() })) });
const read = (text: string) => parseSettings('a.yaml', text, schema);

it('reads YAML and JSON by the schema', () => {
  expect(read('of:\n  - port: 1\n')).toEqual({ of: [{ port: 1 }] });
  expect(read('{"of": []}')).toEqual({ of: [] });
});

it.each([
  ['of: [', 'a.yaml:1:6: '],
  ['', 'a.yaml:1:1: The file is empty.'],
  ['of: []\n---\nof: []', 'a.yaml:3:1: The file must be one document: remove the others.'],
  ['[]', 'a.yaml:1:1: the file: Invalid input'],
  ['of:\n  - prt: 1', 'a.yaml:2:5: Unknown key "prt": remove it.'],
  ['of:\n  - port: x', 'a.yaml:2:11: of.0.port: Invalid input'],
])('%j is refused whole, with its place', (text, problem) => {
  expect(() => read(text)).toThrow(problem);
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }));
});

it('lists every problem', () => {
  expect(() => read('of:\n  - port: x\n  - port: y')).toThrow(/of\.0\.port.*\n.*of\.1\.port/);
});
