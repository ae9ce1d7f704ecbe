/** `npm run schema`: writes the JSON Schemas, the OpenAPI document and the page of the dialects; a test fails when one is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { testFileJsonSchema } from '../src/cli/hook-tests/test-file.ts';
import { hooksFileJsonSchema } from '../src/protocol/files/schema.ts';
import { wireJsonSchemas } from '../src/protocol/wire/schema.ts';
import { openApi } from '../src/server/openapi.ts';
import { dialectsPage } from './dialects-page.ts';

const schemas = { hooks: hooksFileJsonSchema(), hooktest: testFileJsonSchema(), ...wireJsonSchemas() };
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(path.join(import.meta.dirname, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
}
const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string };
writeFileSync(path.join(import.meta.dirname, 'openapi.json'), `${JSON.stringify(openApi(version), null, 2)}\n`);
writeFileSync(path.join(import.meta.dirname, 'dialects.md'), dialectsPage());
