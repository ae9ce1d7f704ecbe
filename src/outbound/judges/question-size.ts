/** Whether a question is too long, told before its data is escaped and its texts are made. */
import { type DataBlock, plainBytes } from '../../protocol/fence.ts';
import { AskError } from './ask-error.ts';
import type { Judge } from './judges.ts';

/**
 * Whether the texts and the blocks as they are shown have more than `most` bytes. It looks at `most`
 * characters at most: a context has up to 8 MiB, and 16 blocks may hold it 16 times.
 */
export function isLarger(most: number, policy: string, blocks: readonly DataBlock[]): boolean {
  const length = blocks.reduce((sum, { json }) => sum + json.length, policy.length);
  if (length > most) return true;
  let bytes = Buffer.byteLength(policy);
  for (const { json } of blocks) bytes += plainBytes(json, most - bytes);
  return bytes > most;
}

/** @throws AskError `INPUT_TOO_LARGE` */
export function checkSize(
  { name, entry: { inputBytes } }: Judge,
  policy: string,
  blocks: readonly DataBlock[],
): void {
  if (!isLarger(inputBytes, policy, blocks)) return;
  throw new AskError({
    code: 'INPUT_TOO_LARGE',
    message: `The question has more than ${inputBytes} bytes, which is what the judge ${name} takes: send less with select.`,
  });
}
