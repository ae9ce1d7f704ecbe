/** Texts that want to be more than data, put into the context of a case (`--inject`). */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { endOfString, quote, skipBlanks } from '../../protocol/json-tokens.ts';

export interface Injection {
  readonly id: string;
  readonly text: string;
}

const lineSchema = z.object({ id: z.string(), text: z.string() });

/** The texts that ship with the package; the tests of questions to judges use the same. */
export async function readInjections(): Promise<Injection[]> {
  const file = new URL('../../../test/attacks/judge.jsonl', import.meta.url);
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line) => lineSchema.parse(JSON.parse(line)));
}

const openBrace = '{';
const colon = 0x3a;
/** The new member of the context. */
const member = 'note';
/** Members whose text names something: with more text it would be something else. */
const naming = /(?:path|cwd|dir|file|url|uri|id|name)$/i;

/**
 * The context with the text behind each of its texts that has a blank (sentences and commands), and
 * in a member of its own. All other bytes stay, so that numbers keep their digits.
 */
export function withInjection(context: Uint8Array, text: string): Uint8Array {
  const json = new TextDecoder().decode(context);
  const written = JSON.stringify(`\n${text}`).slice(1, -1);
  const first = skipBlanks(json, 0);
  const inside = skipBlanks(json, first + 1);
  const more = json.charAt(inside) === '}' ? '' : ',';
  const own = `"${member}":${JSON.stringify(text)}${more}`;
  const hasOwn = json.includes(`"${member}"`);
  const pieces = [json.slice(0, first), openBrace, hasOwn ? '' : own];
  let copied = first + 1;
  let name = '';
  for (let at = copied; at < json.length; ) {
    if (json.charCodeAt(at) !== quote) {
      at++;
      continue;
    }
    const end = endOfString(json, at);
    const value = String(JSON.parse(json.slice(at, end)));
    if (json.charCodeAt(skipBlanks(json, end)) === colon) name = value;
    else if (/\s/.test(value) && !naming.test(name)) {
      pieces.push(json.slice(copied, end - 1), written);
      copied = end - 1;
    }
    at = end;
  }
  return Buffer.from([...pieces, json.slice(copied)].join(''));
}
