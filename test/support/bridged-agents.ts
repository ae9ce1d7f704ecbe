/** Every agent that a bridge speaks to: what it sends before a command is run, how it starts a hook, and what it understands. */

/** The members of a context that many agents have alike. */
export const inShell = (command: string) => ({ tool_name: 'Bash', tool_input: { command } });
const line = (value: object) => `${JSON.stringify(value)}\n`;

/** What an agent sends and understands before a command is run. */
export interface Agent {
  readonly dialect: string;
  readonly event: string;
  /** stdin, in its own words, with its own end. */
  readonly context: (command: string) => string;
  readonly asked: 'ask' | 'block';
  /** It takes another input; otherwise that is a block. */
  readonly rewrites: boolean;
  /** Where a text for the model goes; `nowhere`: the contract of its hooks drops it. */
  readonly told: 'stdout' | 'stderr' | 'nowhere';
  /** An event where it takes one, if it takes none before a tool. */
  readonly elsewhere?: { readonly event: string; readonly context: string };
  /** Its context does not name the event: the line in its file does. */
  readonly unnamed?: true;
  /** It starts a file instead of a line for a shell. */
  readonly isFile?: true;
}

const full = { asked: 'ask', rewrites: true, told: 'stdout' } as const;
const gateOnly = { asked: 'block', rewrites: false, told: 'stderr' } as const;
const claude = (command: string) =>
  line({ session_id: 's', transcript_path: '/t', hook_event_name: 'PreToolUse', cwd: '/', ...inShell(command) });
const docker = (command: string) =>
  line({ session_id: 's', cwd: '/', hook_event_name: 'pre_tool_use', tool_use_id: 'u', ...inShell(command) });
const dockerAgent = {
  ...full,
  event: 'pre_tool_use',
  context: docker,
  told: 'stderr',
  elsewhere: { event: 'session_start', context: line({ hook_event_name: 'session_start', source: 'make' }) },
} as const;

export const agents: readonly Agent[] = [
  {
    ...full,
    dialect: 'azure',
    event: 'PreToolUse',
    context: (c) => line({ hook_event_name: 'PreToolUse', agent_name: 'a', current_turn: 1, ...inShell(c) }),
    rewrites: false,
  },
  { ...full, dialect: 'claude-code', event: 'PreToolUse', context: claude },
  { ...full, dialect: 'claude-code-2025', event: 'PreToolUse', context: claude },
  {
    ...full,
    dialect: 'codex',
    event: 'PreToolUse',
    context: (c) => JSON.stringify({ session_id: 's', turn_id: 't', hook_event_name: 'PreToolUse', ...inShell(c) }),
    asked: 'block',
  },
  {
    ...full,
    dialect: 'gemini-cli',
    event: 'BeforeTool',
    context: (c) => JSON.stringify({ session_id: 's', hook_event_name: 'BeforeTool', timestamp: 't', ...inShell(c) }),
  },
  { ...dockerAgent, dialect: 'docker-agent' },
  { ...dockerAgent, dialect: 'docker-agent-gen2' },
  { ...dockerAgent, dialect: 'docker-agent-strict', told: 'nowhere' },
  {
    ...full,
    dialect: 'agentpool',
    event: 'pre_tool_use',
    context: (c) => line({ event: 'pre_tool_use', agent_name: 'a', conversation_id: 'c', ...inShell(c) }),
  },
  {
    ...gateOnly,
    dialect: 'openhands',
    event: 'PreToolUse',
    context: (c) => line({ event_type: 'PreToolUse', working_dir: '/', metadata: {}, ...inShell(c) }),
    told: 'stdout',
  },
  {
    ...full,
    dialect: 'copilot',
    event: 'preToolUse',
    context: (c) => line({ sessionId: 's', timestamp: 1, cwd: '/', toolName: 'bash', toolArgs: { command: c } }),
    unnamed: true,
    told: 'stderr',
    elsewhere: { event: 'sessionStart', context: line({ sessionId: 's', timestamp: 1, cwd: '/make' }) },
  },
  {
    ...full,
    dialect: 'vscode',
    event: 'PreToolUse',
    context: (c) => line({ timestamp: 't', sessionId: 's', hookEventName: 'PreToolUse', tool_use_id: 'u', ...inShell(c) }),
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
      line({ hookName: 'PreToolUse', taskId: 't', preToolUse: { toolName: 'execute_command', parameters: { command: c } } }),
    told: 'stdout',
    isFile: true,
  },
  {
    ...gateOnly,
    dialect: 'cursor',
    event: 'beforeShellExecution',
    context: (c) => line({ hook_event_name: 'beforeShellExecution', command: c, cwd: '/' }),
    asked: 'ask',
    elsewhere: { event: 'sessionStart', context: line({ hook_event_name: 'sessionStart', composer_mode: 'make' }) },
  },
  {
    ...gateOnly,
    dialect: 'amazon-q',
    event: 'preToolUse',
    context: (c) => line({ hook_event_name: 'preToolUse', cwd: '/', ...inShell(c) }),
    elsewhere: { event: 'userPromptSubmit', context: line({ hook_event_name: 'userPromptSubmit', prompt: 'make' }) },
  },
  {
    ...gateOnly,
    dialect: 'windsurf',
    event: 'pre_run_command',
    context: (c) => line({ agent_action_name: 'pre_run_command', trajectory_id: 't', tool_info: { command_line: c } }),
  },
  {
    ...gateOnly,
    dialect: 'generic',
    event: 'PreToolUse',
    context: (c) => line({ hook_event_name: 'PreToolUse', ...inShell(c) }),
    told: 'stdout',
  },
];
