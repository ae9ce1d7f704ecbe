/** A server with a hook set and some evaluations of each kind, as pages of the console show them. */
import { type ConsoleUnderTest, listeningConsole } from './browser.ts';

const guards = `hooks:
  PreToolUse:
    - name: no-rm
      matcher: Bash
      script: exit 2
    - name: no-secrets
      matcher: Write|Edit
      script: echo fine
    - name: broken
      matcher: Crash
      failMode: block
      script: exit 7
  Stop:
    - name: at-the-end
      script: echo fine
`;

type Options = Parameters<typeof listeningConsole>[0];

/** @returns the server, whose hook set `guards` has blocked, permitted and failed. */
export async function seededConsole(options: Options = {}): Promise<ConsoleUnderTest> {
  const under = await listeningConsole({ keepContexts: true, ...options });
  await putSet(under, 'guards', guards);
  for (const tool of ['Bash', 'Write', 'Crash', 'Read']) await evaluate(under, tool);
  return under;
}

export async function putSet({ app }: ConsoleUnderTest, name: string, text: string): Promise<void> {
  const { statusCode, body } = await app.inject({
    method: 'PUT',
    url: `/v1/hooksets/${name}`,
    headers: { 'content-type': 'application/yaml' },
    payload: text,
  });
  if (statusCode >= 300) throw new Error(body);
}

/** @returns the id of the evaluation. */
export async function evaluate(
  { app }: ConsoleUnderTest,
  tool: string,
  input: Readonly<Record<string, unknown>> = { command: 'rm -rf /srv' },
  thread = 'thread-1',
): Promise<string> {
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    payload: {
      ...{ hookset: 'guards', dialect: 'claude-code', event: 'PreToolUse', thread },
      context: { hook_event_name: 'PreToolUse', tool_name: tool, tool_input: input },
    },
  });
  if (statusCode !== 200) throw new Error(body);
  return (JSON.parse(body) as { evaluationId: string }).evaluationId;
}
