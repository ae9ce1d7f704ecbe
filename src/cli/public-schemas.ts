/** Every published shape by its name: for `hookpool schema`, and for the copies in docs/. */
import { z } from 'zod';
import { hooksFileJsonSchema } from '../files/schema.ts';
import { openApi } from '../server/openapi.ts';
import { operations } from '../server/operations.ts';
import { decisionAnswer } from '../server/schemas.ts';
import { wireJsonSchemas } from '../wire/schema.ts';
import { testFileJsonSchema } from './hook-tests/test-file.ts';
import { version } from './version.ts';

/** Name -> JSON Schema, but `openapi`, which is an OpenAPI document. The first one is what `hookpool schema` prints. */
export function publicSchemas(): Readonly<Record<string, object>> {
  return {
    hooks: hooksFileJsonSchema(),
    hooktest: testFileJsonSchema(),
    decision: decisionJsonSchema(),
    ...wireJsonSchemas(),
    openapi: openApi(version(), operations),
  };
}

/** Named evaluations are the server's, so the id is not in what a command prints. */
function decisionJsonSchema(): object {
  const schema = z.toJSONSchema(decisionAnswer.partial({ evaluationId: true }), { target: 'draft-2020-12', io: 'output' });
  const description = 'What hookpool run --json prints, and with an evaluationId the answer of POST /v1/evaluate.';
  return { ...schema, title: 'hookpool decision', description };
}
