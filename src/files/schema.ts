/** The JSON Schema of a hooks file, generated from the schema that validates it. */
import { z } from 'zod';
import { hooksFileSchema } from './hooks-file.ts';

export function hooksFileJsonSchema(): object {
  const schema = z.toJSONSchema(hooksFileSchema, { target: 'draft-2020-12' });
  return {
    ...schema,
    title: 'hookpool hooks file',
    description: 'Hooks by event. docs/hooks-file.md explains the fields.',
  };
}
