import { expect, it } from 'vitest';
import type { Hook } from '../../src/protocol/hook.ts';
import { readsTranscript } from '../../src/protocol/transcript-use.ts';

const hook = (source: string, content?: string) => {
  const files = [{ path: 'a.sh', executable: false, content: Buffer.from(content ?? '') }];
  const bundle = content === undefined ? undefined : { digest: 'd', files };
  const action = { kind: 'command', script: { runtime: 'bash', source, bundle } };
  return { action } as unknown as Hook;
};

it.each([
  'jq -r .transcript_path',
  'jq -r .transcriptPath',
  'json["agent_transcript_path"]',
  'TRANSCRIPT=x',
  'cat "$(jq -r .execution_summary)"',
])('%j reads it', (text) => {
  expect(readsTranscript(hook(text))).toBe(true);
  expect(readsTranscript(hook('bash a.sh', `#!/bin/sh\n${text}\n`))).toBe(true);
});

it('another script, other files, and an action without a script do not', () => {
  expect(readsTranscript(hook('exit 0'))).toBe(false);
  expect(readsTranscript(hook('exit 0', 'exit 1'))).toBe(false);
  expect(readsTranscript({ action: { kind: 'unsupported' } } as unknown as Hook)).toBe(false);
});
