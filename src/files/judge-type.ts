/** Which hooks ask a judge. */
import type { JudgeAction } from '../protocol/judge-action.ts';
import type { HookEntry } from './hook-schema.ts';

/** Azure's default type is prompt; a script or a command without a type can only mean command. */
export function isJudgeHook(data: HookEntry): boolean {
  return judgeTypeOf(data) !== undefined;
}

/** Its type; undefined for any other hook. */
export function judgeTypeOf({
  type,
  prompt,
}: Pick<HookEntry, 'type' | 'prompt'>): JudgeAction['kind'] | undefined {
  if (type === 'prompt' || type === 'agent') return type;
  return type === undefined && prompt !== undefined ? 'prompt' : undefined;
}
