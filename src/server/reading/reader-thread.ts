/** The entry module of the worker threads that read large inputs. */
import { answerTasks } from '../../threads/task-loop.ts';
import { decodeBody, type RawBody } from '../body.ts';
import { readHookDocument } from '../hook-compiler.ts';
import type { HookDocument } from '../stores.ts';
import {
  type ContextRequest,
  type PipeRequest,
  pipeRequest,
  readContextRequest,
} from './context-request.ts';
import { type EvaluateBodyRequest, readEvaluateRequest } from './evaluate-request.ts';
import { toPlain } from './plain-hook-set.ts';
import { outcomeOf } from './refusal.ts';
import { readRunRequest } from './run-request.ts';

answerTasks({
  evaluateRequest: ({ body, guess }: EvaluateBodyRequest) => ({
    value: outcomeOf(() => readEvaluateRequest(decodeBody(body), guess)),
  }),
  runRequest: (body: RawBody) => ({ value: outcomeOf(() => readRunRequest(decodeBody(body))) }),
  hookSet: (document: HookDocument) => ({
    value: outcomeOf(() => toPlain(readHookDocument(document))),
  }),
  context: (asked: ContextRequest) => ({ value: outcomeOf(() => readContextRequest(asked)) }),
  pipe: (asked: PipeRequest) => ({ value: outcomeOf(() => pipeRequest(asked)) }),
});
