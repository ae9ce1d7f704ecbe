/** Keys of a prompt or agent hook that exclude each other: the rules of files and of messages. */
import type { JudgeAction, JudgeTool } from './judge-action.ts';

/** The tools of prompt hooks; the others run what a judge writes. */
export const readers: readonly JudgeTool[] = ['ReadFile', 'GrepSearch'];

type Keys = Pick<JudgeAction, 'kind' | 'tools' | 'mayOverride' | 'cache'>;

/** @returns the keys that cannot be used, each with why and the fix. */
export function judgeKeyProblems({
  kind,
  tools,
  mayOverride,
  cache,
}: Keys): (readonly ['tools' | 'cache' | 'mayOverride', string])[] {
  const runs = tools.filter((tool) => !readers.includes(tool));
  const problems: (readonly ['tools' | 'cache' | 'mayOverride', string])[] = [];
  if (kind === 'prompt' && runs.length > 0)
    problems.push(['tools', `${runs.join(' and ')} is for agent hooks: write type: agent.`]);
  if (cache !== undefined && (kind === 'agent' || tools.length > 0))
    problems.push(['cache', 'A judge with tools looks at more than the question: remove cache.']);
  if (mayOverride === true && runs.length > 0)
    problems.push([
      'mayOverride',
      'A judge that runs what it was talked into must not approve: remove mayOverride, or the tools.',
    ]);
  return problems;
}
