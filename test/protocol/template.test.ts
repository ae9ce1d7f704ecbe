// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  headerTemplateProblem,
  literalTemplate,
  payloadProblem,
  renderHeader,
  renderPayload,
} from '../../src/protocol/template.ts';

const now = '2026-01-02T03:04:05.000Z';
const context =
  '{"session_id":"s-1","tool_input":{"file_path":"/a \\"b\\"","n":12345678901234567890,"deep":{"x":[1,2]}},"none":null,"__proto__":"p"}';
const render = (payload: unknown, text = context) => renderPayload(payload, text, now);

describe('in a payload', () => {
  it.each([
    ['text alone', 'plain', '"plain"'],
    ['a text that is one placeholder becomes the value', '${tool_input.deep}', '{"x":[1,2]}'],
    ['a number keeps its digits', '${tool_input.n}', '12345678901234567890'],
    ['a string stays a string', '${tool_input.file_path}', '"/a \\"b\\""'],
    ['null is a value', '${none}', 'null'],
    [
      'inside of other text a value becomes text',
      'at ${tool_input.file_path}!',
      '"at /a \\"b\\"!"',
    ],
    ['inside of other text an object becomes JSON', 'x${tool_input.deep}', '"x{\\"x\\":[1,2]}"'],
    ['two placeholders are text', '${session_id}${session_id}', '"s-1s-1"'],
    ['the bare names of the tutorial', '$tool_input_path', '"/a \\"b\\""'],
    ['a bare session', '$session_id', '"s-1"'],
    ['a bare time', '$timestamp', `"${now}"`],
    ['a time in braces', '${timestamp}', `"${now}"`],
    ['a longer name is text', '$session_ids and $other', '"$session_ids and $other"'],
    ['two dollars before a brace are the text', '$${session_id}', '"${session_id}"'],
    ['two dollars before a bare name are the text', '$$session_id', '"$session_id"'],
    ['two dollars before other text are two', '$$5 $$session_ids', '"$$5 $$session_ids"'],
    ['a dollar is text', 'costs $5', '"costs $5"'],
    ['__proto__ is a name like any other', '${__proto__}', '"p"'],
  ])('%s', (_, payload, text) => {
    expect(render(payload)).toEqual({ text, missing: [] });
  });

  it('members, lists and other values stay as they are, and names are not scanned', () => {
    const payload = { '${session_id}': [1, true, null, '${session_id}'], b: { c: '${none}' } };
    expect(render(payload).text).toBe('{"${session_id}":[1,true,null,"s-1"],"b":{"c":null}}');
  });

  it('a path that is not there is null, and is told once', () => {
    expect(render(['${a.b}', 'x ${a.b}', '$tool_input_path'], '{}')).toEqual({
      text: '[null,"x null",null]',
      missing: ['a.b', 'tool_input_path'],
    });
  });

  it('of equal names the last counts, as in JSON.parse', () => {
    const text = '{"a":{"b":1},"a":{"b":2,"b":3}}';
    expect(render(['${a.b}', '${a}'], text).text).toBe('[3,{"b":2,"b":3}]');
  });

  it('the time of the context counts before that of the machine', () => {
    expect(render('$timestamp', '{"timestamp":7}').text).toBe('7');
  });
});

describe('a payload is refused for', () => {
  it.each([
    [{ a: '${secret:key}' }, 'A secret can stand in a header only'],
    [['${open'], 'without "}"'],
    ['${}', 'is no placeholder'],
    ['${a b}', 'is no placeholder'],
    ['${a..b}', 'is no placeholder'],
    [Array.from({ length: 17 }, (_, at) => `\${p${at}}`), 'names 17 members'],
  ])('%j', (payload, why) => {
    expect(payloadProblem(payload)).toContain(why);
  });

  it('nothing else', () => {
    expect(payloadProblem({ a: ['at ${a.b}', 1, null, '$timestamp'] })).toBeUndefined();
  });
});

describe('in a header', () => {
  it('a secret takes the place of its name', () => {
    expect(headerTemplateProblem('Bearer ${secret:policy}')).toBeUndefined();
    expect(renderHeader('Bearer ${secret:policy}, $${x}', (name) => `<${name}>`)).toBe(
      'Bearer <policy>, ${x}',
    );
  });

  it.each([
    ['${session_id}', 'A header takes ${secret:NAME} only'],
    ['$session_id', 'A header takes ${secret:NAME} only'],
    ['${secret:a b}', 'is no placeholder'],
    ['${', 'without "}"'],
  ])('%s is refused', (text, why) => {
    expect(headerTemplateProblem(text)).toContain(why);
  });
});

const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '${session_id}',
    '$timestamp',
    '${secret:key}',
    '","evil":"',
    '\r\nX-Evil: 1',
    '}',
  ),
);
const tricky = fc.array(hostile, { maxLength: 4 }).map((texts) => texts.join(''));

describe('no value of a context', () => {
  it('adds a placeholder, a member or a value to a payload', () => {
    fc.assert(
      fc.property(tricky, fc.jsonValue(), (text, value) => {
        const payload = { whole: '${a}', part: 'x ${a} y ${b}', list: ['${b}'], fixed: '$${a}' };
        const { text: json } = render(payload, JSON.stringify({ a: text, b: value }));
        const asText = typeof value === 'string' ? value : JSON.stringify(value);
        expect(JSON.parse(json)).toEqual(
          JSON.parse(
            JSON.stringify({
              whole: text,
              part: `x ${text} y ${asText}`,
              list: [value],
              fixed: '${a}',
            }),
          ),
        );
      }),
    );
  });

  it('and no text of an author, written as a literal, is a placeholder', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        expect(JSON.parse(render(literalTemplate(text)).text)).toBe(text);
      }),
    );
  });

  it('is scanned again where it comes from a secret', () => {
    fc.assert(
      fc.property(tricky, (value) => {
        expect(renderHeader('a ${secret:k} b', () => value)).toBe(`a ${value} b`);
      }),
    );
  });
});
