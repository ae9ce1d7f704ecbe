/** Every operation of the API, in the order in which /openapi.json and /docs have them. */
import type { Operation } from './operation.ts';
import { answerOperations } from './routes/answers.ts';
import { documentOperations } from './routes/azure-documents.ts';
import { consoleOperations } from './routes/console.ts';
import { consolePageOperations } from './routes/console-page.ts';
import { countOperations } from './routes/counts.ts';
import { evaluateOperations } from './routes/evaluate.ts';
import { evaluationOperations } from './routes/evaluations.ts';
import { eventOperations } from './routes/events.ts';
import { hookOperations } from './routes/hook.ts';
import { hookSetOperations } from './routes/hook-sets.ts';
import { nativeOperations } from './routes/native.ts';
import { probeOperations } from './routes/probes.ts';
import { runOperations } from './routes/run.ts';
import { shadowOperations } from './routes/shadow.ts';
import { systemOperations } from './routes/system.ts';
import { threadOperations } from './routes/threads.ts';

export const operations: readonly Operation[] = [
  evaluateOperations,
  hookOperations,
  nativeOperations,
  runOperations,
  hookSetOperations,
  documentOperations,
  threadOperations,
  evaluationOperations,
  answerOperations,
  consoleOperations,
  eventOperations,
  shadowOperations,
  countOperations,
  probeOperations,
  systemOperations,
  consolePageOperations,
].flatMap((ofModule): Operation[] => Object.values(ofModule));
