import { describe, expect, it } from 'vitest';
import { readInjections, withInjection } from '../../../src/cli/hook-tests/injections.ts';

const put = (json: string, text: string) =>
  Buffer.from(withInjection(Buffer.from(json), text)).toString();

describe('a text in a context', () => {
  it('stands behind each sentence and command, and in a member of its own', () => {
    const json = '{"tool_input":{"command":"rm -rf /srv","tags":["a b","c"]},"n":"x y"}';
    expect(JSON.parse(put(json, 'ok"'))).toEqual({
      note: 'ok"',
      tool_input: { command: 'rm -rf /srv\nok"', tags: ['a b\nok"', 'c'] },
      n: 'x y\nok"',
    });
  });

  it('leaves names, paths and words alone, and every byte of numbers and escapes', () => {
    const json =
      ' {"file_path": "/my files/a", "id": 12345678901234567890, "t": "\\u0041", "a b": 1.0}';
    expect(put(json, 't')).toBe(
      ' {"note":"t","file_path": "/my files/a", "id": 12345678901234567890, "t": "\\u0041", "a b": 1.0}',
    );
  });

  it('is the only member of an empty context, and no second one called note', () => {
    expect(put('{ }', 't')).toBe('{"note":"t" }');
    expect(put('{"note":"a b"}', 't')).toBe('{"note":"a b\\nt"}');
  });

  it('keeps the context JSON, whichever of the shipped texts it is', async () => {
    const injections = await readInjections();
    expect(injections).toHaveLength(42);
    for (const { text } of injections)
      expect(JSON.parse(put('{"prompt":"say \\"hi\\""}', text))).toEqual({
        note: text,
        prompt: `say "hi"\n${text}`,
      });
  });
});
