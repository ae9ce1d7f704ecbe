/** Adds tables to the end of a TOML file. */
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import { type Insertion, styleOf } from './insertion.ts';

/** Appends a mapping of texts, numbers and lists of mappings to the list at a path. */
export function tomlAppended(
  text: string,
  path: readonly string[],
  value: JsonObject,
): readonly Insertion[] {
  const { eol } = styleOf(text);
  const isOpen = text !== '' && !text.endsWith('\n');
  const gap = text.trim() === '' ? '' : eol;
  const tables = tablesOf(path.join('.'), value).join(`\n`).replaceAll('\n', eol);
  return [{ offset: text.length, text: (isOpen ? eol : '') + gap + tables }];
}

function tablesOf(name: string, value: JsonObject): string[] {
  const plain = Object.entries(value).filter(([, one]) => !Array.isArray(one));
  const lines = plain.map(([key, one]) => `${key} = ${JSON.stringify(one)}\n`);
  const inner = Object.entries(value).flatMap(([key, list]) =>
    (Array.isArray(list) ? list : [])
      .filter(isJsonObject)
      .flatMap((one) => tablesOf(`${name}.${key}`, one)),
  );
  return [`[[${name}]]\n${lines.join('')}`, ...inner];
}
