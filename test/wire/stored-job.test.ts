import { expect, it } from 'vitest';
import { parseJobMessage } from '../../src/wire/job-message.ts';
import {
  isStoredJob,
  parseStoredJobMessage,
  toStoredJobMessage,
} from '../../src/wire/stored-job.ts';
import { bytes } from '../protocol/samples.ts';
import { sampleJob } from '../support/queue-job.ts';

const envelope = { evaluationId: 'e-1', attempt: 1, budgetMs: 1_000 };
const stored = { id: 'Ab_-1', bytes: 7, sha256: 'a'.repeat(64) };
const job = sampleJob({ context: bytes('{"a":1}'), tenant: 'team-a', transcript: bytes('turn 1') });
const sent = toStoredJobMessage(job, envelope, stored);
const invalid = expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_JOB' });

it('a job with a stored context arrives as it was sent, without the context', () => {
  const { job: read, message } = parseStoredJobMessage(JSON.parse(JSON.stringify(sent)));
  expect(message).toEqual(JSON.parse(JSON.stringify(sent)));
  expect(message.storedContext).toEqual(stored);
  expect(read).toMatchObject({ tenant: 'team-a', isolation: 'tenant', dialect: job.dialect });
  expect(read).not.toHaveProperty('context');
  expect(read.hook).toMatchObject({ name: job.hook.name, action: job.hook.action });
  expect(Buffer.from(read.transcript ?? []).toString()).toBe('turn 1');
});

it('a release that knows version 1 alone refuses it', () => {
  expect(isStoredJob(sent)).toBe(true);
  expect(() => parseJobMessage(sent)).toThrow(invalid);
  expect(() => parseJobMessage(sent)).toThrow(/v: /);
});

it.each([
  ['another version', { v: 1 }],
  ['a context of its own as well', { context: '{}' }],
  ['no context at all', { storedContext: undefined }],
  ['an id that is a part of a path or pattern', { storedContext: { ...stored, id: 'a:*' } }],
  ['more bytes than a context may have', { storedContext: { ...stored, bytes: (8 << 20) + 1 } }],
  ['no bytes', { storedContext: { ...stored, bytes: 0 } }],
  ['a hash that is none', { storedContext: { ...stored, sha256: 'A'.repeat(64) } }],
  ['an event that its dialect does not have', { hook: { ...sent.hook, event: 'Nothing' } }],
])('%s is INVALID_JOB', (_, over) => {
  expect(() => parseStoredJobMessage({ ...sent, ...over })).toThrow(invalid);
});

it.each([undefined, null, 'storedContext', {}])('%s is no such job', (data) => {
  expect(isStoredJob(data)).toBe(false);
});
