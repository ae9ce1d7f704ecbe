/** The API for programs: OpenAPI 3.1, whose schemas are JSON Schema as zod writes it. */
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { type Operation, operations } from './operations.ts';
import { errorAnswer } from './schemas.ts';

export function openApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'hookpool', version, description: 'Runs the command hooks of AI agents in sandboxes.' },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: jsonSchema(errorAnswer, 'output') },
    },
  };
}

function describe(operation: Operation): object {
  const { about, role, body, errors = [] } = operation;
  const failures = [...(role === 'public' ? [] : [400, 401, 403, 503]), ...errors];
  return {
    summary: about,
    operationId: `${operation.method}${operation.path.replace(/[^A-Za-z]+(.)?/g, (_, next = '') => String(next).toUpperCase())}`,
    ...(role === 'public' ? { security: [] } : { description: `Needs a token with the role ${role}.` }),
    parameters: parameters(operation),
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(body.types, body.schema, 'input') } }),
    responses: {
      [operation.status]: success(operation),
      ...Object.fromEntries(failures.map((status) => [status, failure(status)])),
    },
  };
}

function parameters({ path, tenant, method, answer, query }: Operation): object[] {
  const string = { type: 'string' };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: string }));
  const header = (name: string) => ({ name, in: 'header', schema: string });
  const isSet = tenant === true && /hooksets\/|extendedAgent/.test(path);
  const headers = isSet ? [header(method === 'get' ? 'If-None-Match' : 'If-Match')] : [];
  const creates = isSet && answer !== undefined ? [header('If-None-Match')] : [];
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => queryParameter(name, schema));
  return [
    ...inPath,
    ...inQuery,
    ...(tenant === true ? [{ name: 'tenant', in: 'query', schema: string }] : []),
    ...headers,
    ...creates,
  ];
}

function queryParameter(name: string, schema: z.ZodType): object {
  const { description, ...rest } = jsonSchema(schema, 'input') as { readonly description?: string };
  return { name, in: 'query', required: !schema.safeParse(undefined).success, description, schema: rest };
}

function success({ status, answer, answerType }: Operation): object {
  const description = STATUS_CODES[status] ?? '';
  if (status === 204) return { description };
  return { description, content: content([answerType ?? 'application/json'], answer, 'output') };
}

function failure(status: number): object {
  const description = STATUS_CODES[status] ?? '';
  if (status < 400) return { description };
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
}

function content(types: readonly string[], schema: z.ZodType | undefined, io: 'input' | 'output'): object {
  return Object.fromEntries(types.map((type) => [type, schema === undefined ? {} : { schema: jsonSchema(schema, io) }]));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}
