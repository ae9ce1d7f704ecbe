/** OpenHands SDK (sdk/hooks/executor.py): `deny`, since `block` is a word that it does not know. */
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
