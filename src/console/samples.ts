/** Events to begin with in the playground, in the words of Claude Code, which most agents share. */

export interface Sample {
  readonly title: string;
  readonly event: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export const samples: readonly Sample[] = [
  {
    title: 'A shell command',
    event: 'PreToolUse',
    context: { tool_name: 'Bash', tool_input: { command: 'rm -rf /srv/data' } },
  },
  {
    title: 'A file is written',
    event: 'PreToolUse',
    context: { tool_name: 'Write', tool_input: { file_path: '/srv/app/.env', content: 'KEY=1' } },
  },
  {
    title: 'After a tool',
    event: 'PostToolUse',
    context: {
      tool_name: 'Bash',
      tool_input: { command: 'make test' },
      tool_response: { stdout: '2 failed', exit_code: 1 },
    },
  },
  { title: 'A prompt', event: 'UserPromptSubmit', context: { prompt: 'Deploy it to production.' } },
  { title: 'The turn ends', event: 'Stop', context: { stop_hook_active: false } },
];

/** The context of a sample as the agent would send it. */
export function sampleText({ event, context }: Sample): string {
  return JSON.stringify({ session_id: 'playground', hook_event_name: event, ...context }, null, 2);
}

/** A guard to begin with, in the playground and in a new hook set. */
export const firstHooks = `hooks:
  PreToolUse:
    - name: no-rm
      matcher: Bash
      script: |
        #!/usr/bin/env python3
        import json, sys
        command = json.load(sys.stdin)["tool_input"]["command"]
        if "rm -rf" in command:
            print("Name the files that are to go.", file=sys.stderr)
            sys.exit(2)
`;
