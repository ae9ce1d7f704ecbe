import { expect, it } from 'vitest';
import { hooksFileJsonSchema } from '../../src/files/schema.ts';

it('the published schema is strict and knows the fields of a hook', () => {
  const schema = hooksFileJsonSchema();
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: expect.stringContaining('hookpool'),
    type: 'object',
    required: ['hooks'],
    additionalProperties: false,
    properties: {
      hooks: {
        additionalProperties: {
          type: 'array',
          items: {
            anyOf: [
              { additionalProperties: false },
              { additionalProperties: false, required: ['hooks'] },
            ],
          },
        },
      },
    },
  });
  const text = JSON.stringify(schema);
  for (const field of [
    'matcher',
    'script',
    'command',
    'failMode',
    'timeout',
    'tier',
    'sources',
    'activation',
    'enabled',
    'once',
    'async',
    'sequential',
  ]) {
    expect(text).toContain(`"${field}":`);
  }
});

it('the published schema survives a way through JSON', () => {
  expect(JSON.parse(JSON.stringify(hooksFileJsonSchema()))).toEqual(hooksFileJsonSchema());
});
