/** What an answer of a target means. */
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outbound/reply.ts';
import { bytes } from '../protocol/samples.ts';

const secret = 'pa"ss\\w/\u00f6rd';
const outcome = (body: string, secrets: readonly string[] = [secret], status = 200) =>
  outcomeOf({ status, body: bytes(body) } as never, {}, { mayGrant: false, secrets });
const json = JSON.stringify({ key: secret });

describe('an answer that repeats a secret of its request', () => {
  it.each([
    ['as it is', `key: ${secret}`],
    ['in a JSON text', json],
    ['in a JSON text of ASCII only', json.replace('\u00f6', '\\u00f6')],
    ['in a JSON text with escaped slashes', json.replaceAll('/', '\\/')],
    ['in a JSON text with other escapes', json.replace('"ss', '"\\u0073s').replace('p', '\\u0070')],
    ['in a JSON text within a JSON text', JSON.stringify({ body: json })],
  ])('cannot be used where it has it %s', (_, body) => {
    expect(outcome(body)).toMatchObject({ code: 'HTTP_BODY' });
    expect(outcome(body, [secret], 403)).toMatchObject({ code: 'HTTP_BODY' });
  });
});

it.each([
  ['a part of it', '{"key":"pa\\"ss"}', [secret]],
  ['a value of less than 8 characters, which can stand there by chance', '{"key":"ok"}', ['ok']],
  ['escapes of other texts', '{"a":"\\u0041\\n","b":"c:\\\\d"}', [secret]],
])('an answer with %s can be used', (_, body, secrets) => {
  expect(outcome(body, secrets)).toMatchObject({ totalBytes: body.length });
});
