/** `hookpool schema --install`: the settings of VS Code. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicSchemas } from '../../../src/cli/public-schemas.ts';
import { MadeUpHome } from '../../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
});
afterEach(() => home.remove());

const settings = '.vscode/settings.json';
const install = () => home.call('schema', '--install');

test('adds the schemas once, and keeps what else stands there', async () => {
  home.write(settings, '{\n  // mine\n  "yaml.schemas": { "./x.json": ["x.yaml"] },\n}\n');
  expect((await install()).code).toBe(0);
  const text = home.read(settings);
  expect(text).toContain(
    '{\n  // mine\n  "yaml.schemas": { "./x.json": ["x.yaml"], "https://unpkg.com/hookpool/docs/hooks',
  );
  expect((await install()).stdout).toContain('already');
  expect(home.read(settings)).toBe(text);
});

test('names the copy in the project where there is one', async () => {
  home.write('node_modules/hookpool/docs/hooktest.schema.json', '{}');
  await install();
  expect(JSON.parse(home.read(settings))).toEqual({
    'yaml.schemas': {
      'https://unpkg.com/hookpool/docs/hooks.schema.json': ['hooks.yaml', '*.hookpool.yaml'],
      './node_modules/hookpool/docs/hooktest.schema.json': ['*.hooktest.yaml'],
    },
  });
});

test('leaves broken settings alone', async () => {
  home.write(settings, '{ "a": ');
  expect((await install()).code).toBe(64);
  expect(home.read(settings)).toBe('{ "a": ');
});

test('every schema has an address of its own', () => {
  const { openapi: _, ...schemas } = publicSchemas();
  const ids = Object.values(schemas).map((schema) => (schema as { $id?: unknown }).$id);
  expect(new Set(ids).size).toBe(Object.keys(schemas).length);
  expect(ids).toContain('https://unpkg.com/hookpool/docs/job.schema.json');
});
