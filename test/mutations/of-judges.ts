/** What a question to a judge defends, against events, authors of hooks, and judges. */
import { type Mutation, mutation } from './mutation.ts';

const fence = 'src/protocol/fence.ts';
const prompt = 'src/protocol/prompt-template.ts';
const verdict = 'src/protocol/verdict/judge-verdict.ts';
const fromJudge = 'src/protocol/verdict/from-judge.ts';
const turns = 'src/outbound/judges/turns.ts';
const wire = 'src/outbound/judges/wire.ts';
const ask = 'src/outbound/judges/ask-judge.ts';
const judges = 'src/outbound/judges/judges.ts';
const cache = 'src/outbound/judges/cache.ts';
const status = 'src/outbound/judges/status-problem.ts';

export const ofJudges: readonly Mutation[] = [
  mutation(
    'data-marks',
    'the marks around data are the same in each question',
    [turns, "randomBytes(16).toString('hex')", "randomBytes(16).fill(0).toString('hex')"],
    'outbound/judges/judge-hook',
  ),
  mutation(
    'data-escapes',
    'data stands in a question as it is',
    [fence, "json.replace(layout, ' ').replace(unplain, escaped)", "json.replace(layout, ' ')"],
    'protocol/fence',
  ),
  mutation(
    'policy-apart',
    'values stand in the policy',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source has it
    [prompt, 'return `[data ${name}, below]`;', 'return String(blocks.get(name));'],
    'protocol/prompt-template',
  ),
  mutation(
    'whole-verdicts',
    'the first object in an answer is its verdict',
    [
      verdict,
      'parseBounded(whole.trim())',
      "parseBounded(/\\{[\\s\\S]*?\\}/.exec(whole)?.[0] ?? '')",
    ],
    'protocol/verdict/judge-verdict',
  ),
  mutation(
    'verdict-members',
    'a verdict may have unknown members',
    [verdict, 'if (unknown !== undefined) return', "if (unknown === '') return"],
    'protocol/verdict/judge-verdict',
  ),
  mutation(
    'judge-approvals',
    'an approval of a judge counts on every hook',
    [
      fromJudge,
      "decision === 'allow' && !reading.mayOverride",
      "decision === 'allow' && reading.isFenced",
    ],
    'conformance/judge',
  ),
  mutation(
    'judge-reasons',
    'reasons of judges reach agents as they are',
    [fromJudge, 'plainReason(verdict.reason)', 'plainReason(verdict.reason) && verdict.reason'],
    'outbound/judges/injection',
  ),
  mutation(
    'cut-answers',
    'an answer that was cut is read',
    [turns, "if (answer.end === 'cut')", "if (answer.end === 'cut' && answer.text === '')"],
    'outbound/judges/judge-hook',
  ),
  mutation(
    'refused-answers',
    'an answer that is a refusal is read',
    [turns, "if (answer.end === 'refused')", "if (answer.end === 'refused' && answer.text === '')"],
    'outbound/judges/wire',
  ),
  mutation(
    'one-choice',
    'the first of several choices counts',
    [wire, 'choices.length !== 1', 'choices.length < 1'],
    'outbound/judges/wire',
  ),
  mutation(
    'tool-uses',
    'a judge uses tools without end',
    [turns, 'const mostCalls = 20;', 'const mostCalls = 2_000;'],
    'outbound/judges/tools',
  ),
  mutation(
    'question-size',
    'a question may have any size',
    [ask, 'if (bytes > judge.entry.inputBytes)', 'if (bytes < 0)'],
    'outbound/judges/question-size',
  ),
  mutation(
    'attempts-in-time',
    'a pause between attempts may last beyond the deadline',
    [ask, 'waitMs >= left', 'waitMs < 0'],
    'outbound/judges/judge-limits',
  ),
  mutation(
    'judge-rest',
    'a judge that refuses its key is asked for each event',
    [ask, 'if (restMs > 0)', 'if (restMs > 1e9)'],
    'outbound/judges/judge-limits',
  ),
  mutation(
    'judge-budget',
    'a tenant may spend any number of tokens',
    [ask, "throw problem('BUDGET_SPENT', refused);", 'return { taken };'],
    'outbound/judges/judge-spending',
  ),
  mutation(
    'judge-tenants',
    'a judge is for every tenant',
    [judges, 'isFor(one.entry, tenant) && isCalled(one, model)', 'isCalled(one, model)'],
    'outbound/judges/judge-hook',
  ),
  mutation(
    'judge-addresses',
    'a judge may be on this machine, whatever the operator opened',
    [judges, 'new AddressRules(entry.private)', "new AddressRules(['127.0.0.0/8'])"],
    'outbound/judges/judge-limits',
  ),
  mutation(
    'judge-errors',
    'errors quote the texts of servers',
    [
      status,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source has it
      '`${told}${hint(status)}.`',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source has it
      '`${told}${hint(status)}: ${new TextDecoder().decode(answer?.body)}`',
    ],
    'outbound/judges/wire',
  ),
  mutation(
    'kept-by-prompt',
    'a kept verdict answers for other prompts',
    [cache, '...[dialect, event, prompt, policy,', '...[dialect, event,'],
    'outbound/judges/parts',
  ),
  mutation(
    'kept-by-tenant',
    'a kept verdict answers for other tenants',
    [cache, '...[version, tenant, name,', '...[version, name,'],
    'outbound/judges/parts',
  ),
  mutation(
    'kept-by-lengths',
    'two lists of parts can have one key',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source has it
    [cache, '`${part.length}:${part}`', 'part'],
    'outbound/judges/parts',
  ),
  mutation(
    'kept-by-digits',
    'a kept verdict answers for numbers that differ in their last digits',
    [cache, 'return isExact ? sorted : json;', 'return sorted;'],
    'outbound/judges/parts',
  ),
];
