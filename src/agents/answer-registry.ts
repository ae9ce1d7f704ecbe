/** Every table by the name of its dialect. */
import { byDialectName, foldName } from '../protocol/dialect.ts';
import { agentpool } from './agentpool/answers.ts';
import { amazonQ } from './amazon-q/answers.ts';
import type { AnswerTable, EventAnswers } from './answer-table.ts';
import { azure } from './azure/answers.ts';
import { claudeCode, claudeCodeOlder } from './claude-code/answers.ts';
import { cline } from './cline/answers.ts';
import { codex } from './codex/answers.ts';
import { copilot } from './copilot/answers.ts';
import { crush } from './crush/answers.ts';
import { cursor } from './cursor/answers.ts';
import { dockerAgent, dockerAgentGen2, dockerAgentStrict } from './docker-agent/answers.ts';
import { geminiCli } from './gemini-cli/answers.ts';
import { generic } from './generic/answers.ts';
import { openhands } from './openhands/answers.ts';
import { vscode } from './vscode/answers.ts';
import { windsurf } from './windsurf/answers.ts';

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
