/**
 * Which hooks read the transcript. The rule is a text search, so that an author can tell the answer
 * at once: a script reads it if its text, or a file that goes along, contains one of these words. A
 * judge reads it where it has tools.
 */
import type { Hook } from './hook.ts';

/** In the spellings of `transcript_path`, `agentTranscriptPath` and `TRANSCRIPT`. */
const words = ['ranscript', 'TRANSCRIPT', 'execution_summary'];

/** Linear in the script and its files. */
export function readsTranscript({ action }: Hook): boolean {
  if (action.kind === 'prompt' || action.kind === 'agent') return action.tools.length > 0;
  if (action.kind !== 'command') return false;
  const { source, bundle } = action.script;
  return (
    words.some((word) => source.includes(word)) ||
    (bundle?.files ?? []).some(({ content }) => {
      const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
      return words.some((word) => bytes.includes(word));
    })
  );
}
