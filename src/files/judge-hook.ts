/** Compiles a prompt or agent hook, and tells what is wrong with its question. */
import type { Dialect } from '../protocol/dialect.ts';
import { type JudgeAction, turnLimits } from '../protocol/judge-action.ts';
import { judgeKeyProblems, readers } from '../protocol/judge-keys.ts';
import { promptProblem } from '../protocol/prompt-template.ts';
import type { KeyProblem } from './hook-problems.ts';
import type { HookEntry } from './hook-schema.ts';
import { judgeTypeOf } from './judge-type.ts';
import { settingsOf } from './unsupported-hook.ts';

/** The warning with which every prompt and agent hook is loaded. */
export const judgeReason =
  'A prompt or agent hook runs only where the operator has configured its judge (docs/prompt-hooks.md).';

/** Keys that only these hooks have, beside the prompt and the model. */
const judgeKeys = [
  'select',
  'tools',
  'maxTurns',
  'mayOverride',
  'continueOnBlock',
  'cache',
] as const;

/** What is wrong with the keys of such a hook, or with such keys of another one. */
export function judgeProblems(
  { dialect, event }: { readonly dialect: Dialect; readonly event: string },
  data: HookEntry,
): KeyProblem[] {
  const type = judgeTypeOf(data);
  if (type === undefined)
    return judgeKeys
      .filter((key) => data[key] !== undefined)
      .map((key) => [key, `${key} is for prompt and agent hooks: remove it.`]);
  const { prompt, tools = [], mayOverride, cache } = data;
  const article = type === 'agent' ? 'An' : 'A';
  const problems: KeyProblem[] = (['files', 'env', 'workingDir', 'profile', 'state'] as const)
    .filter((key) => data[key] !== undefined)
    .map((key): KeyProblem => [key, `${article} ${type} hook takes no ${key}: remove it.`]);
  if (dialect.judges.notAt?.includes(event))
    problems.push(['type', `${dialect.about} has no ${type} hooks at ${event}: write a command.`]);
  const problem =
    prompt === undefined ? undefined : promptProblem(dialect.judges.placeholders, prompt);
  if (problem !== undefined) problems.push(['prompt', problem]);
  if (type === 'prompt' && data.maxTurns !== undefined)
    problems.push(['maxTurns', 'maxTurns is for agent hooks: write type: agent.']);
  problems.push(...judgeKeyProblems({ kind: type, tools, mayOverride, cache }));
  return problems;
}

/** @returns undefined where the prompt is missing, which bodyProblems() reports. */
export function judgeActionOf(
  dialect: Dialect,
  kind: JudgeAction['kind'],
  data: HookEntry,
): JudgeAction | undefined {
  const { prompt, model, select, maxTurns = turnLimits.default, cache } = data;
  if (prompt === undefined) return undefined;
  const given = kind === 'agent' || dialect.judges.readsTranscript === true ? readers : [];
  // An answer that is kept cannot depend on a transcript.
  const tools = data.tools ?? (cache === undefined ? given : []);
  const { mayOverride, continueOnBlock } = data;
  return {
    ...{ kind, prompt, model, select, tools, maxTurns, mayOverride, continueOnBlock, cache },
    // A long prompt, which the record has a hash of, must not push out what gives the judge power.
    settings: settingsOf({
      ...{ model, select, tools, maxTurns, mayOverride, continueOnBlock, cache },
      prompt,
    }),
  };
}
