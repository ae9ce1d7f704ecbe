/**
 * `npm run schema`: writes the JSON Schemas, the OpenAPI document, the page of the dialects and the
 * tables of the native bridge; a test fails when one is stale.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { publicSchemas } from '../src/cli/public-schemas.ts';
import { bridgeTables } from './bridge-tables.ts';
import { dialectsPage } from './dialects-page.ts';

for (const [name, schema] of Object.entries(publicSchemas())) {
  const file = name === 'openapi' ? 'openapi.json' : `${name}.schema.json`;
  writeFileSync(path.join(import.meta.dirname, file), `${JSON.stringify(schema, null, 2)}\n`);
}
writeFileSync(path.join(import.meta.dirname, 'dialects.md'), dialectsPage());
writeFileSync(path.join(import.meta.dirname, '../deploy/bridge/native/tables.h'), bridgeTables());
