/**
 * Gemini CLI. Source: google-gemini/gemini-cli packages/core/src/hooks@5411f113 and its integration
 * tests; measured with 0.61.0.
 */
import type { Dialect, EventRules, MatcherRule } from '../../protocol/dialect.ts';
import { common, gate, lenientOutput, notified } from '../shared-rows.ts';

const literal: MatcherRule = {
  anchored: true,
  emptyMatches: 'everything',
  kind: 'literal',
  trims: true,
};
const base = { ...gate, canAsk: true, text: 'message' } as const satisfies EventRules;
const tool = { ...base, usesMatcher: true } as const;
const lifecycle = {
  ...notified,
  exit2: 'notice',
  text: 'message',
  usesMatcher: true,
  matcher: literal,
} as const;
const nested = ['hookEventName', 'additionalContext', 'tool_input'].map(
  (key) => `hookSpecificOutput.${key}`,
);

const tools = [
  'run_shell_command read_file read_many_files write_file replace glob grep_search list_directory',
  'search_file_content web_fetch google_web_search save_memory write_todos ask_user activate_skill',
].flatMap((names) => names.split(' '));

export const geminiCli: Dialect = {
  ...common,
  name: 'gemini-cli',
  about: 'Gemini CLI 0.61, autumn 2026',
  folderVariables: [
    'GEMINI_PROJECT_DIR',
    'GEMINI_CWD',
    'CLAUDE_PROJECT_DIR',
    'extensionPath',
    'workspacePath',
  ],
  variablePrefix: 'GEMINI',
  events: {
    BeforeTool: { ...tool, pipes: [{ from: 'updatedInput', to: 'tool_input', how: 'merge' }] },
    AfterTool: tool,
    BeforeAgent: { ...base, pipes: [{ from: 'additionalContext', to: 'prompt', how: 'append' }] },
    AfterAgent: { ...base, endsTurn: true, continueFalse: 'stop-beats-block' },
    BeforeModel: {
      ...base,
      laterWins: true,
      pipes: [{ from: { extra: 'llmRequest' }, to: 'llm_request', how: 'merge' }],
    },
    AfterModel: { ...base, laterWins: true },
    BeforeToolSelection: base,
    SessionStart: { ...lifecycle, matchOn: 'source' },
    SessionEnd: { ...lifecycle, matchOn: 'reason' },
    Notification: { ...lifecycle, matchOn: 'notification_type' },
    PreCompress: { ...lifecycle, matchOn: 'trigger' },
  },
  dedupe: 'name-and-command',
  matcher: { anchored: false, emptyMatches: 'everything', trims: true },
  tools,
  nativeOutput: new Set([
    'continue',
    'stopReason',
    'suppressOutput',
    'systemMessage',
    'decision',
    'reason',
    ...nested,
  ]),
  output: {
    ...lenientOutput,
    documents: ['json-string'],
    elseStderr: true,
    broken: 'text',
    array: 'text',
    scalar: 'text',
    extra: {
      'hookSpecificOutput.llm_request': { name: 'llmRequest', keep: 'last' },
      'hookSpecificOutput.llm_response': { name: 'llmResponse', keep: 'last' },
      'hookSpecificOutput.toolConfig': { name: 'toolConfig', keep: 'tools' },
      'hookSpecificOutput.tailToolCallRequest': { name: 'tailToolCallRequest', keep: 'last' },
      'hookSpecificOutput.clearContext': { name: 'clearContext', keep: 'any' },
    },
  },
  exit: { json: 'any', textRejects: true },
  says: { empty: 'none', text: 'allow', error: 'none' },
  escapesContexts: true,
  defaultReason: 'No reason provided',
  blockReasonFrom: ['output', 'stdout', 'stderr'],
  reasons: { of: 'all', joint: 'newline' },
  deviations: {
    'exit-2-blank': 'Gemini CLI takes exit code 2 without any text for no decision and goes ahead.',
    'exit-2-overturned':
      'Gemini CLI lets JSON that does not deny overturn exit code 2; here exit code 2 always blocks.',
    'later-wins':
      'Gemini CLI lets a later hook of this event overturn a block; here the strictest counts.',
  },
  notes: [
    'A sequential group makes the hooks of its event run in turn: each is given the tool input, the model request, or the prompt with the contexts, of the ones before.',
    'BeforeToolSelection: the names of all hooks are put together, sorted; of the modes NONE counts before ANY, and ANY before AUTO.',
    'A context has its < and > escaped, as upstream hands it to the model.',
    'A matcher that is no regular expression refuses the file, or the hook counts as its failMode; upstream compares it as a name and the guard never fires.',
    'AfterAgent follows upstream: continue: false beats a block in the same output.',
    'Exit codes from 3 on with a text on stdout or stderr deny, as upstream does, also where failMode is allow.',
    'Gemini CLI drops an additional context of BeforeTool; the bridge shows it to the person.',
    'Death by a signal is an error here; upstream turns it into exit code 0.',
  ],
};
