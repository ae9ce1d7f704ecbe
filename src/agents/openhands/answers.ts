/**
 * OpenHands SDK (sdk/hooks/executor.py). A block is `deny`, because OpenHands does not know the
 * word `block`.
 */
import { type AnswerTable, jsonDecision, notice, unknownEvent } from '../answer-table.ts';

const context = { additionalContext: '$context' };
const blocking = { blocks: true, block: jsonDecision('deny') } as const;

export const openhandsAnswers: AnswerTable = {
  name: 'openhands',
  events: {
    PreToolUse: { ...blocking, kind: 'pre-tool', context },
    UserPromptSubmit: { ...blocking, kind: 'prompt', context },
    Stop: { ...blocking, kind: 'stop' },
    PostToolUse: { ...notice, context },
    SessionStart: { ...notice, context },
    SessionEnd: notice,
  },
  unknown: unknownEvent,
};
