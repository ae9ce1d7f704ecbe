/**
 * Types of the answers of the API for programs in TypeScript, such as a console: without code, so
 * that `import type` brings nothing into a bundle.
 */
import type { z } from 'zod';
import type {
  auditAnswer,
  errorAnswer,
  evaluateAnswer,
  hookSetAnswer,
  replayAnswer,
  threadAnswer,
} from './answer-schemas.ts';
import type {
  answersAnswer,
  answersBody,
  checkAnswer,
  countsAnswer,
  eventMessages,
  scriptAnswer,
  systemAnswer,
  threadsAnswer,
  tryAnswer,
  versionsAnswer,
} from './console-schemas.ts';
import type { agentAnswer, explainedHook, explanationAnswer } from './explain-schemas.ts';
import type { evaluationSummary, evaluationsAnswer, keptContextAnswer } from './search-schemas.ts';

export type EvaluationSummary = z.output<typeof evaluationSummary>;
export type EvaluationPage = z.output<typeof evaluationsAnswer>;
export type EvaluationRecord = z.output<typeof auditAnswer>;
export type KeptContext = z.output<typeof keptContextAnswer>;
export type EvaluateAnswer = z.output<typeof evaluateAnswer>;
export type ReplayAnswer = z.output<typeof replayAnswer>;
export type Explanation = z.output<typeof explanationAnswer>;
export type ExplainedHookAnswer = z.output<typeof explainedHook>;
export type AgentAnswer = z.output<typeof agentAnswer>;
export type HookSetDescription = z.output<typeof hookSetAnswer>;
export type HookSetVersions = z.output<typeof versionsAnswer>;
export type CheckAnswer = z.output<typeof checkAnswer>;
export type TryAnswer = z.output<typeof tryAnswer>;
export type ThreadSwitches = z.output<typeof threadAnswer>;
export type ThreadList = z.output<typeof threadsAnswer>;
export type SystemAnswer = z.output<typeof systemAnswer>;
export type CountsAnswer = z.output<typeof countsAnswer>;
export type AnswersBody = z.input<typeof answersBody>;
export type AnswersAnswer = z.output<typeof answersAnswer>;
export type ScriptAnswer = z.output<typeof scriptAnswer>;
export type ErrorAnswer = z.output<typeof errorAnswer>;
/** The messages of GET /v1/events by their type. */
export type LiveEvents = {
  readonly [Name in keyof typeof eventMessages]: z.output<(typeof eventMessages)[Name]>;
};
