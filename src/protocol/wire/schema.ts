/** The published shapes of what is in the queue, made from the schemas that check it. */
import { z } from 'zod';
import { jobMessageSchema } from './job-message.ts';
import { resultMessageSchema } from './result-message.ts';

export function jobJsonSchema(): object {
  const schema = z.toJSONSchema(jobMessageSchema, { target: 'draft-2020-12' });
  return { ...schema, title: 'hookpool job', description: 'The data of a BullMQ job. docs/queue.md explains the fields.' };
}

export function resultJsonSchema(): object {
  const schema = z.toJSONSchema(resultMessageSchema, { target: 'draft-2020-12' });
  return { ...schema, title: 'hookpool result', description: 'The return value of a BullMQ job. See docs/queue.md.' };
}
