/** Every table by the name of its dialect. */
import { byDialectName, foldName } from '../dialect.ts';
import { agentpool } from './agentpool.ts';
import { amazonQ } from './amazon-q.ts';
import type { AnswerTable, EventAnswers } from './answer.ts';
import { azure } from './azure.ts';
import { claudeCode, claudeCodeOlder } from './claude-code.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { crush } from './crush.ts';
import { cursor } from './cursor.ts';
import { dockerAgent, dockerAgentGen2, dockerAgentStrict } from './docker-agent.ts';
import { geminiCli } from './gemini-cli.ts';
import { generic } from './generic.ts';
import { openhands } from './openhands.ts';
import { vscode } from './vscode.ts';
import { windsurf } from './windsurf.ts';

export const answerTables: readonly AnswerTable[] = [
  azure,
  dockerAgent,
  dockerAgentGen2,
  dockerAgentStrict,
  agentpool,
  claudeCode,
  claudeCodeOlder,
  codex,
  geminiCli,
  openhands,
  copilot,
  crush,
  cline,
  cursor,
  amazonQ,
  windsurf,
  vscode,
  generic,
];

export interface EventInTable {
  /** As the agent spells it, whatever case and underscores it was asked for with. */
  readonly name: string;
  readonly answers: EventAnswers;
}

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist */
export function answersTo(dialect: string, event: string): EventInTable {
  const { events, unknown } = answerTable(dialect);
  const folded = foldName(event);
  const found = Object.entries(events).find(([name]) => foldName(name) === folded);
  return found === undefined ? { name: event, answers: unknown } : { name: found[0], answers: found[1] };
}

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist */
export function answerTable(dialect: string): AnswerTable {
  return byDialectName(answerTables, dialect);
}
