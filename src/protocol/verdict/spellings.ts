/**
 * Every known spelling of the fields on stdout. Dotted paths lead into the printed object; for a
 * text, the first path that holds one counts.
 */
import type { DecisionKind } from '../decision.ts';

export const words: Readonly<Record<string, DecisionKind>> = {
  allow: 'allow',
  approve: 'allow',
  block: 'block',
  deny: 'block',
  ask: 'ask',
  defer: 'ask',
};

/** Keys that hold one of the words above. */
export const wordPaths: ReadonlySet<string> = new Set([
  'decision',
  'permissionDecision',
  'permission_decision',
  'permission',
  'hookSpecificOutput.permissionDecision',
  'hookSpecificOutput.permission_decision',
  'hookSpecificOutput.decision.behavior',
  'hook_specific_output.permission_decision',
  'hook_specific_output.permissionDecision',
]);

export interface Flag {
  readonly path: string;
  readonly whenTrue?: DecisionKind;
  readonly whenFalse?: DecisionKind;
}

/** Keys that hold true or false, and the verdict of each of the two. */
export const flagPaths: readonly Flag[] = [
  { path: 'ok', whenTrue: 'none', whenFalse: 'block' },
  { path: 'continue' },
  { path: 'continue_' },
  { path: 'cancel', whenTrue: 'block' },
  { path: 'halt', whenTrue: 'block' },
  { path: 'review', whenTrue: 'ask' },
];

/** Every key that can hold a verdict about the action. */
export const verdictPaths: readonly string[] = [
  ...wordPaths,
  ...flagPaths.map((flag) => flag.path),
];

const nests = ['', 'hookSpecificOutput.', 'hook_specific_output.'];

export const textPaths = {
  reason: [
    'reason',
    ...nests.flatMap((nest) =>
      ['permissionReason', 'permissionDecisionReason', 'permission_decision_reason'].map(
        (key) => nest + key,
      ),
    ),
    'hookSpecificOutput.decision.message',
    'errorMessage',
    'agent_message',
    'agentMessage',
    'user_message',
    'userMessage',
  ],
  additionalContext: nests
    .flatMap((nest) => ['additionalContext', 'additional_context'].map((key) => nest + key))
    .concat('context', 'contextModification'),
  systemMessage: ['systemMessage', 'system_message', 'user_message', 'userMessage'],
  stopReason: ['stopReason', 'stop_reason'],
} as const;

export const inputPaths: readonly string[] = nests
  .flatMap((nest) => ['updatedInput', 'updated_input'].map((key) => nest + key))
  .concat(
    'modified_input',
    'modifiedArgs',
    'overrideInput',
    'hookSpecificOutput.tool_input',
    'hookSpecificOutput.decision.updatedInput',
  );

export const eventNamePaths = [
  'hookSpecificOutput.hookEventName',
  'hook_specific_output.hook_event_name',
] as const;

/** Known keys that hold no verdict about the action. */
const silentPaths = [
  'suppressOutput',
  'suppress_output',
  ...eventNamePaths,
  'hook_event_name',
  'version',
];

export const knownPaths: ReadonlySet<string> = new Set([
  ...wordPaths,
  ...flagPaths.map((flag) => flag.path),
  ...Object.values(textPaths).flat(),
  ...inputPaths,
  ...silentPaths,
]);

/** Nested objects whose members are read. */
export const containers: ReadonlySet<string> = new Set([
  'hookSpecificOutput',
  'hook_specific_output',
  'hookSpecificOutput.decision',
]);
