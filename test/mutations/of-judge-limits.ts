/** What leaves judges to all tenants and to hooks that are heard, and what a record tells of them. */
import { type Mutation, mutation } from './mutation.ts';

const ask = 'src/outbound/judges/ask-judge.ts';
const hook = 'src/outbound/judges/judge-hook.ts';
const size = 'src/outbound/judges/question-size.ts';
const circuit = 'src/outbound/judges/circuit.ts';
const fair = 'src/server/fair-backend.ts';

export const ofJudgeLimits: readonly Mutation[] = [
  mutation(
    'judge-project',
    'a hook with failMode block is judged without its project',
    ['src/outbound/judges/project.ts', "failMode !== 'allow'", "failMode === 'allow'"],
    'outbound/judges/tools',
  ),
  mutation(
    'question-size-first',
    'a question that is too long is looked up and escaped before it is refused',
    [hook, 'checkSize(judge, one.question.policy, one.question.data);', ''],
    'outbound/judges/question-size',
  ),
  mutation(
    'question-size-escaped',
    'the escapes of a question are made before they are counted',
    [size, 'plainBytes(json, most - bytes)', 'Buffer.byteLength(json)'],
    'outbound/judges/question-size',
  ),
  mutation(
    'judge-rest-of-tenant',
    'failures of one tenant take the judge from all',
    [
      circuit,
      'this.#rows.get(tenant)?.restsUntil ?? 0',
      '...[...this.#rows.values()].map((row) => row.restsUntil)',
    ],
    'outbound/judges/parts',
  ),
  mutation(
    'judge-rest-by-key',
    'one status 403 takes the judge from all tenants',
    [ask, 'const isForAll = status === 401;', 'const isForAll = status === 401 || status === 403;'],
    'outbound/judges/judge-limits',
  ),
  mutation(
    'judge-key-repeated',
    'the answer of a gateway carries the key of the judge into records',
    ['src/outbound/judges/wire.ts', 'repeats(text, [key])', "key === ''"],
    'outbound/judges/judge-limits',
  ),
  mutation(
    'judge-places',
    'outbound workers together ask a judge more at once than it takes',
    [ask, 'await begun;', ''],
    'outbound/judges/shared-place',
  ),
  mutation(
    'judge-places-end',
    'a question that is over keeps its place',
    [ask, 'place.end();', ''],
    'outbound/judges/shared-place',
  ),
  mutation(
    'judge-budget-unsent',
    'a question that was never sent is charged to its tenant',
    [ask, 'failure !== undefined && exchanged.facts.connectMs !== null', 'failure !== undefined'],
    'outbound/judges/judge-spending',
  ),
  mutation(
    'shadow-spends-half',
    'shadow hooks spend what their tenant needs for its guards',
    ['src/outbound/shadow-share.ts', 'const shadowShare = 0.5;', 'const shadowShare = 1;'],
    'outbound/judges/judge-spending',
  ),
  mutation(
    'shadow-rests-no-judge',
    'failures of shadow hooks take a judge from guards',
    [ask, 'if (share === 1) countFailure', 'if (share > 0) countFailure'],
    'outbound/judges/judge-spending',
  ),
  mutation(
    'judge-tools-in-turn',
    'the tools of judges take sandboxes beside the turns of tenants',
    [fair, 'backend.judgeWith?.(runScript)', 'backend.judgeWith?.(backend.runScript)'],
    'server/judge-tools-turns',
  ),
  mutation(
    'judges-at-once',
    'a tenant has any number of hooks that ask judges at once',
    [hook, 'if (tooMany !== undefined) return decide(dialect, hook, tooMany);', ''],
    'outbound/judges/judge-limits',
  ),
  mutation(
    'judge-settings',
    'the record of a hook does not tell that its judge may approve',
    [
      'src/files/judge-hook.ts',
      'tools, maxTurns, mayOverride, continueOnBlock, cache },\n      prompt,',
      'tools, maxTurns, continueOnBlock, cache },\n      prompt,',
    ],
    'files/judge-hook',
  ),
];
