/** All published schemas by name, for `hookpool schema` and for the copies in docs/. */
import { z } from 'zod';
import { hooksFileJsonSchema } from '../files/schema.ts';
import { auditLine, decisionAnswer } from '../server/answer-schemas.ts';
import { openApi } from '../server/openapi.ts';
import { operations } from '../server/operations.ts';
import { wireJsonSchemas } from '../wire/schema.ts';
import { testFileJsonSchema } from './hook-tests/test-file.ts';
import { version } from './version.ts';

/**
 * Name -> JSON Schema, except `openapi`, which is an OpenAPI document. `hookpool schema` without a
 * name prints the first one.
 */
export function publicSchemas(): Readonly<Record<string, object>> {
  const schemas: Readonly<Record<string, object>> = {
    hooks: hooksFileJsonSchema(),
    hooktest: testFileJsonSchema(),
    decision: decisionJsonSchema(),
    audit: auditJsonSchema(),
    ...wireJsonSchemas(),
  };
  const named = Object.entries(schemas).map(([name, schema]) => [
    name,
    { $id: schemaId(name), ...schema },
  ]);
  return {
    ...Object.fromEntries(named),
    openapi: openApi(version(), operations),
  };
}

/** Where the package's copy of a schema is on the web, whatever the version. */
export function schemaId(name: string): string {
  return `https://unpkg.com/hookpool/docs/${name}.schema.json`;
}

/**
 * The evaluationId is optional, because only a server has named evaluations; a command does not
 * print one.
 */
function decisionJsonSchema(): object {
  const schema = z.toJSONSchema(decisionAnswer.partial({ evaluationId: true }), {
    target: 'draft-2020-12',
    io: 'output',
  });
  const description =
    'What hookpool run --json prints, and with an evaluationId the answer of POST /v1/evaluate.';
  return { ...schema, title: 'hookpool decision', description };
}

function auditJsonSchema(): object {
  const schema = z.toJSONSchema(auditLine, { target: 'draft-2020-12', io: 'output' });
  const description = 'A line of the file that hookpool serve --audit FILE writes.';
  return { ...schema, title: 'hookpool audit line', description };
}
