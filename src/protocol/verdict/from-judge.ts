/** Turns the answer of a judge into the hook's result. */
import type { Diagnostic, JudgeReading } from '../decision.ts';
import { plainReason } from '../fence.ts';
import { fromSaid } from './from-http.ts';
import { readVerdict, type Verdict } from './judge-verdict.ts';
import type { Output } from './output-object.ts';
import { type Case, type Draft, fail } from './reject-or-fail.ts';

/** @param text the whole answer. */
export function fromJudge(one: Case, text: string, reading: JudgeReading): Draft {
  const { verdict, problem } = readVerdict(text, reading.isFenced);
  if (verdict === undefined)
    return fail(one, 'JUDGE_ANSWER_MALFORMED', `The judge's answer is no verdict: ${problem}.`, []);
  const reason = verdict.reason === undefined ? undefined : plainReason(verdict.reason);
  return fromVerdict(one, { ...verdict, reason }, reading);
}

function fromVerdict(one: Case, verdict: Verdict, reading: JudgeReading): Draft {
  const { dialect, hook } = one;
  const { decision, reason } = verdict;
  const { impossibleAt = [], rejections = {} } = dialect.judges;
  const effect = rejections[hook.event] ?? 'block';
  const why = reason ?? 'without a reason';
  if (decision === 'block' && verdict.isImpossible && impossibleAt.includes(hook.event))
    return noted(one, 'judge-impossible', `The judge says that this cannot be done: ${why}`);
  if (decision === 'block' && effect === 'ignored')
    return noted(
      one,
      'judge-ignored',
      `${dialect.name} takes no verdict at ${hook.event}; the judge said no: ${why}`,
    );
  if (decision === 'allow' && !reading.mayOverride)
    return noted(
      one,
      'judge-override',
      'The judge approved. That counts only where the hook says mayOverride: true.',
    );
  const stops = decision === 'block' && effect === 'block-and-stop' && reading.mayStop;
  const more: Partial<Output> = {
    ...(decision === 'allow'
      ? { permitted: true, keys: new Set(['hookSpecificOutput.permissionDecision']) }
      : {}),
    ...(stops ? { continue: false, stopReason: reason } : {}),
  };
  return fromSaid(one, { decision, reason }, more);
}

/** No objection, with a note. */
function noted(one: Case, code: string, message: string): Draft {
  const draft = fromSaid(one, { decision: 'none', reason: undefined });
  const note: Diagnostic = { code, message };
  return { ...draft, diagnostics: [...draft.diagnostics, note] };
}
