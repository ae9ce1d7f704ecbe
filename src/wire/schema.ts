/**
 * The published JSON Schemas of the messages in the queue, generated from the schemas that check
 * them.
 */
import { z } from 'zod';
import { jobMessageSchema } from './job-message.ts';
import { outboundMessageSchema } from './outbound-message.ts';
import { resultMessageSchema } from './result-message.ts';
import { runMessageSchema, runResultMessageSchema } from './run-message.ts';
import { storedJobSchema } from './stored-job.ts';

const published: Readonly<Record<string, readonly [z.ZodType, string]>> = {
  job: [jobMessageSchema, 'The data of a BullMQ job: one hook for one event.'],
  'stored-job': [storedJobSchema, 'The same with a context that is stored beside the job.'],
  result: [resultMessageSchema, 'The return value of the job of a hook.'],
  outbound: [outboundMessageSchema, 'The data of a BullMQ job for an outbound worker: one hook.'],
  run: [runMessageSchema, 'The data of a BullMQ job: one script without a hook.'],
  'run-result': [runResultMessageSchema, 'The return value of the job of a script without a hook.'],
};

/** Name of the file in docs/ (without `.schema.json`) -> JSON Schema. */
export function wireJsonSchemas(): Readonly<Record<string, object>> {
  const entries = Object.entries(published).map(([name, [schema, about]]) => {
    const description = `${about} docs/queue.md explains the fields.`;
    return [
      name,
      {
        ...z.toJSONSchema(schema, { target: 'draft-2020-12' }),
        title: `hookpool ${name}`,
        description,
      },
    ];
  });
  return Object.fromEntries(entries);
}
