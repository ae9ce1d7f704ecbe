/** The transcript behind the body of POST /v1/hook. */
import { expect, test } from 'vitest';
import { transcriptPath } from '../../src/protocol/run.ts';
import { appUnderTest } from './app-under-test.ts';
import { file, json } from './hook-calls.ts';

const reading = 'jq -r .transcript_path | xargs tail -n 1';
const context = '{"hook_event_name":"Stop", "transcript_path":"/home/me/é.jsonl"}';

interface Asked {
  readonly said?: string;
  readonly behind?: string | Buffer;
  readonly script?: string;
  /** The hooks are sent along instead of being stored. */
  readonly inline?: boolean;
  readonly asked?: string;
}

async function ask({ said, behind = '', script = reading, inline, asked = context }: Asked) {
  const { app, jobs } = appUnderTest();
  const hooks = file(script);
  if (inline !== true)
    await app.inject({ method: 'PUT', url: '/v1/hooksets/mine', headers: json, payload: hooks });
  const query = inline === true ? `contextBytes=${Buffer.byteLength(asked)}` : 'hookset=mine';
  const parts = [asked, inline === true ? hooks : '', behind].map((part) => Buffer.from(part));
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/hook?dialect=claude-code&${query}`,
    headers: { ...json, ...(said === undefined ? {} : { 'hookpool-transcript': said }) },
    payload: Buffer.concat(parts),
  });
  const [job] = jobs;
  return {
    status: answer.statusCode,
    error: answer.json().error,
    context: job && Buffer.from(job.context).toString(),
    transcript: job?.transcript && Buffer.from(job.transcript).toString(),
  };
}

test('a transcript that is offered is asked for when a hook of the event reads it', async () => {
  expect(await ask({ said: 'offered' })).toMatchObject({
    status: 428,
    error: { code: 'TRANSCRIPT_NEEDED' },
    context: undefined,
  });
  expect(await ask({ said: 'offered', inline: true })).toMatchObject({ status: 428 });
});

test('and not when none does, or it is not offered: the hooks run without it', async () => {
  const without = { status: 200, transcript: undefined };
  expect(await ask({ said: 'offered', script: 'exit 0' })).toMatchObject({ ...without, context });
  expect(await ask({})).toMatchObject({ ...without, context });
});

test.each([false, true])(
  'the last bytes of the body are the transcript; hooks sent along: %s',
  async (inline) => {
    const behind = '{"turn":"é"}\n';
    const said = String(Buffer.byteLength(behind));
    expect(await ask({ said, behind, inline })).toMatchObject({
      status: 200,
      context: `{"hook_event_name":"Stop", "transcript_path":"${transcriptPath}","execution_summary":"${transcriptPath}"}`,
      transcript: behind,
    });
  },
);

test('an empty transcript is one, and bytes that are no UTF-8 cost no decision', async () => {
  expect(await ask({ said: '0' })).toMatchObject({ status: 200, transcript: '' });
  const behind = Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x0a]);
  expect(await ask({ said: '6', behind })).toMatchObject({ transcript: '\ufeffa\ufffd\n' });
});

test.each(['-1', '1e2', 'yes', '', '1000'])('the header %j is refused', async (said) => {
  expect(await ask({ said })).toMatchObject({
    status: 400,
    error: { code: 'INVALID_REQUEST', message: expect.stringContaining('Hookpool-Transcript') },
  });
});

test('a transcript above 8 MiB is too large', async () => {
  const behind = 'x'.repeat((8 << 20) + 1);
  expect(await ask({ said: String(behind.length), behind })).toMatchObject({
    status: 413,
    error: { code: 'TOO_LARGE' },
  });
});
