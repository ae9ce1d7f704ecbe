/** `npm run schema`: writes docs/hooks.schema.json; a test fails when it is stale. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { hooksFileJsonSchema } from '../src/protocol/files/schema.ts';

writeFileSync(path.join(import.meta.dirname, 'hooks.schema.json'), `${JSON.stringify(hooksFileJsonSchema(), null, 2)}\n`);
