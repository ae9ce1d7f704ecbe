/** The API for programs: OpenAPI 3.1 with the JSON Schemas that zod generates. */
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { errorAnswer } from './answer-schemas.ts';
import type { Answer, Operation } from './operation.ts';

export function openApi(version: string, operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'hookpool',
      version,
      description: 'Runs the command hooks of AI agents in sandboxes.',
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: jsonSchema(errorAnswer, 'output') },
    },
  };
}

function describe(operation: Operation): object {
  const { about, role, body, answers, errors = [], errorsOnly } = operation;
  const failures = [...(role === 'public' ? [] : [400, 401, 403, 503]), ...errors];
  return {
    summary: about,
    operationId: operationId(operation),
    ...(role === 'public'
      ? { security: [] }
      : { description: `Needs a token with the role ${role}.` }),
    parameters: parameters(operation),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: content(body.types, body.schema, 'input') } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          success(Number(status), answer),
        ]),
      ),
      ...Object.fromEntries(failures.map((status) => [status, failure(status, errorsOnly)])),
    },
  };
}

function parameters({ params, query, headers = [] }: Operation): object[] {
  return [
    ...Object.entries(params?.shape ?? {}).map(([name, schema]) => parameter(name, 'path', schema)),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => parameter(name, 'query', schema)),
    ...headers.map((name) => ({ name, in: 'header', schema: { type: 'string' } })),
  ];
}

function parameter(name: string, place: 'path' | 'query', schema: z.ZodType): object {
  const { description, ...rest } = jsonSchema(schema, 'input') as { readonly description?: string };
  return {
    name,
    in: place,
    required: !schema.safeParse(undefined).success,
    description,
    schema: rest,
  };
}

function success(status: number, answer: Answer | null): object {
  const description = answer?.about ?? STATUS_CODES[status] ?? '';
  if (answer === null) return { description };
  const headers = Object.entries(answer.headers ?? {}).map(([name, says]) => {
    return [name, { description: says, schema: { type: 'string' } }] as const;
  });
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    content: content([answer.type ?? 'application/json'], answer.schema, 'output'),
  };
}

function failure(status: number, only: string | undefined): object {
  const description = [STATUS_CODES[status], only].filter(Boolean).join('. ');
  return {
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
}

function content(
  types: readonly string[],
  schema: z.ZodType | undefined,
  io: 'input' | 'output',
): object {
  return Object.fromEntries(
    types.map((type) => [type, schema === undefined ? {} : { schema: jsonSchema(schema, io) }]),
  );
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}

/** Such as getV1Hooksets; a path that ends with a slash is the index of its folder. */
function operationId({ method, path }: Operation): string {
  const words = path.replace(/\/$/, '/index').replace(/[^A-Za-z]+(.)?/g, (_, next = '') => {
    return String(next).toUpperCase();
  });
  return `${method}${words}`;
}
