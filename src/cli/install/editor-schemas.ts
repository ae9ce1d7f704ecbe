/** Tells an editor which files the schemas are for. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { HookLists, valueIn } from '../../files/insertion/hook-lists.ts';
import { schemaId } from '../public-schemas.ts';
import { readSettings, realPlace, writeSettings } from './settings-file.ts';

const files: Readonly<Record<string, readonly string[]>> = {
  hooks: ['hooks.yaml', '*.hookpool.yaml'],
  hooktest: ['*.hooktest.yaml'],
};

/** @returns what was done, for people. @throws InvalidInputError for settings that cannot be edited. */
export function installSchemas(folder: string): string {
  const project = path.resolve(folder);
  const file = realPlace(path.join(project, '.vscode/settings.json'), project);
  const before = readSettings(file) ?? '';
  const lists = new HookLists(file, 'json');
  const root = lists.read(before);
  const items = Object.entries(files).flatMap(([name, globs]) => {
    const listPath = ['yaml.schemas', placeOf(project, name)];
    const there = valueIn(root, listPath);
    const known: readonly unknown[] = Array.isArray(there) ? there : [];
    return globs.filter((glob) => !known.includes(glob)).map((item) => ({ path: listPath, item }));
  });
  if (items.length === 0) return `${file}: the schemas are there already.\n`;
  writeSettings(file, lists.add(before, {}, items).text, 0o644);
  return `${file}: VS Code checks hooks files and their tests.\n`;
}

/** The copy in the project's packages, else the one on the web. */
function placeOf(project: string, name: string): string {
  const own = `node_modules/hookpool/docs/${name}.schema.json`;
  return existsSync(path.join(project, own)) ? `./${own}` : schemaId(name);
}
