/** What a hook does when its event comes. A new kind of hook is one member of `Action` and a runner for it. */
import type { JsonObject } from './json.ts';
import { type Script, scriptKey } from './script.ts';

/** A script in a sandbox. */
export interface CommandAction {
  readonly kind: 'command';
  readonly script: Script;
}

/** Of a type that hookpool does not run: the hook's failMode decides. */
export interface UnsupportedAction {
  readonly kind: 'unsupported';
  /** The type as the file spells it: `prompt`, `agent`. */
  readonly type: string;
  /** What the author wrote for it: the prompt, the model. */
  readonly settings: JsonObject;
}

export type Action = CommandAction | UnsupportedAction;

/** undefined for a hook that is no command. */
export function scriptOf({ action }: { readonly action: Action }): Script | undefined {
  return action.kind === 'command' ? action.script : undefined;
}

/** Equal for actions that do the same. */
export function actionKey(action: Action): string {
  if (action.kind === 'command') return scriptKey(action.script);
  return `${action.kind}\n${action.type}\n${JSON.stringify(action.settings)}`;
}
