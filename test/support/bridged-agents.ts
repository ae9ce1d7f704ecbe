/**
 * Every agent with a bridge: its context before a command runs, how it starts a hook, and the
 * answers that it accepts.
 */

/** The members of a context that many agents share. */
export const inShell = (command: string) => ({ tool_name: 'Bash', tool_input: { command } });
const line = (value: object) => `${JSON.stringify(value)}\n`;

/** The context and the answers of an agent before a command runs. */
export interface Agent {
  readonly dialect: string;
  readonly event: string;
  /** The text on stdin in the agent's format, with its line ending. */
  readonly context: (command: string) => string;
  readonly asked: 'ask' | 'block';
  /** Whether the agent accepts a changed input; otherwise a changed input becomes a block. */
  readonly rewrites: boolean;
  /** The stream for a text for the model; `nowhere` if the agent's hook contract drops it. */
  readonly told: 'stdout' | 'stderr' | 'nowhere';
  /** An event at which the agent accepts such a text, if it accepts none before a tool. */
  readonly elsewhere?: { readonly event: string; readonly context: string };
  /** The context does not name the event; the line in the agent's file does. */
  readonly unnamed?: true;
  /** The agent starts a file instead of a shell command line. */
  readonly isFile?: true;
}

const full = { asked: 'ask', rewrites: true, told: 'stdout' } as const;
const gateOnly = { asked: 'block', rewrites: false, told: 'stderr' } as const;
const claude = (command: string) =>
  line({
    session_id: 's',
    transcript_path: '/t',
    hook_event_name: 'PreToolUse',
    cwd: '/',
    ...inShell(command),
  });
const docker = (command: string) =>
  line({
    session_id: 's',
    cwd: '/',
    hook_event_name: 'pre_tool_use',
    tool_use_id: 'u',
    ...inShell(command),
  });
const dockerAgent = {
  ...full,
  event: 'pre_tool_use',
  context: docker,
  told: 'stderr',
  elsewhere: {
    event: 'session_start',
    context: line({ hook_event_name: 'session_start', source: 'make' }),
  },
} as const;

export const agents: readonly Agent[] = [
  {
    ...full,
    dialect: 'azure',
    event: 'PreToolUse',
    context: (c) =>
      line({ hook_event_name: 'PreToolUse', agent_name: 'a', current_turn: 1, ...inShell(c) }),
    rewrites: false,
  },
  { ...full, dialect: 'claude-code', event: 'PreToolUse', context: claude },
  { ...full, dialect: 'claude-code-2025', event: 'PreToolUse', context: claude },
  {
    ...full,
    dialect: 'codex',
    event: 'PreToolUse',
    context: (c) =>
      JSON.stringify({
        session_id: 's',
        turn_id: 't',
        hook_event_name: 'PreToolUse',
        ...inShell(c),
      }),
    asked: 'block',
  },
  {
    ...full,
    dialect: 'gemini-cli',
    event: 'BeforeTool',
    context: (c) =>
      JSON.stringify({
        session_id: 's',
        hook_event_name: 'BeforeTool',
        timestamp: 't',
        ...inShell(c),
      }),
    elsewhere: {
      event: 'BeforeAgent',
      context: line({ session_id: 's', hook_event_name: 'BeforeAgent', prompt: 'make' }),
    },
  },
  {
    ...full,
    dialect: 'qwen-code',
    event: 'PreToolUse',
    context: claude,
    rewrites: false,
    elsewhere: {
      event: 'UserPromptSubmit',
      context: line({ session_id: 's', hook_event_name: 'UserPromptSubmit', prompt: 'make' }),
    },
  },
  { ...dockerAgent, dialect: 'docker-agent' },
  { ...dockerAgent, dialect: 'docker-agent-gen2' },
  { ...dockerAgent, dialect: 'docker-agent-strict', told: 'nowhere' },
  {
    ...full,
    dialect: 'agentpool',
    event: 'pre_tool_use',
    context: (c) =>
      line({ event: 'pre_tool_use', agent_name: 'a', conversation_id: 'c', ...inShell(c) }),
  },
  {
    ...gateOnly,
    dialect: 'openhands',
    event: 'PreToolUse',
    context: (c) =>
      line({ event_type: 'PreToolUse', working_dir: '/', metadata: {}, ...inShell(c) }),
    told: 'stdout',
  },
  {
    ...full,
    dialect: 'copilot',
    event: 'preToolUse',
    context: (c) =>
      line({ sessionId: 's', timestamp: 1, cwd: '/', toolName: 'bash', toolArgs: { command: c } }),
    unnamed: true,
  },
  {
    ...full,
    dialect: 'vscode',
    event: 'PreToolUse',
    context: (c) =>
      line({
        timestamp: 't',
        sessionId: 's',
        hookEventName: 'PreToolUse',
        tool_use_id: 'u',
        ...inShell(c),
      }),
  },
  {
    ...full,
    dialect: 'crush',
    event: 'PreToolUse',
    context: (c) => line({ event: 'PreToolUse', session_id: 's', cwd: '/', ...inShell(c) }),
    asked: 'block',
  },
  {
    ...gateOnly,
    dialect: 'cline',
    event: 'PreToolUse',
    context: (c) =>
      line({
        hookName: 'PreToolUse',
        taskId: 't',
        preToolUse: { toolName: 'execute_command', parameters: { command: c } },
      }),
    told: 'stdout',
    isFile: true,
  },
  {
    ...gateOnly,
    dialect: 'cursor',
    event: 'beforeShellExecution',
    context: (c) => line({ hook_event_name: 'beforeShellExecution', command: c, cwd: '/' }),
    asked: 'ask',
    elsewhere: {
      event: 'sessionStart',
      context: line({ hook_event_name: 'sessionStart', composer_mode: 'make' }),
    },
  },
  {
    ...gateOnly,
    dialect: 'amazon-q',
    event: 'preToolUse',
    context: (c) => line({ hook_event_name: 'preToolUse', cwd: '/', ...inShell(c) }),
    elsewhere: {
      event: 'userPromptSubmit',
      context: line({ hook_event_name: 'userPromptSubmit', prompt: 'make' }),
    },
  },
  {
    ...gateOnly,
    dialect: 'windsurf',
    event: 'pre_run_command',
    context: (c) =>
      line({
        agent_action_name: 'pre_run_command',
        trajectory_id: 't',
        tool_info: { command_line: c },
      }),
  },
  {
    ...gateOnly,
    dialect: 'generic',
    event: 'PreToolUse',
    context: (c) => line({ hook_event_name: 'PreToolUse', ...inShell(c) }),
    told: 'stdout',
  },
];
