/**
 * What a hook does when its event occurs. A new kind of hook needs one member of `Action` and a
 * runner.
 */
import type { HttpAction } from './http-action.ts';
import type { JsonObject } from './json.ts';
import type { JudgeAction } from './judge-action.ts';
import { type Script, scriptKey } from './script.ts';

/** A script in a sandbox. */
export interface CommandAction {
  readonly kind: 'command';
  readonly script: Script;
}

/** An action that cannot run here: the hook's failMode decides. */
export interface UnsupportedAction {
  readonly kind: 'unsupported';
  /** The type as the file spells it: `prompt`, `http`; `command` for one that cannot run. */
  readonly type: string;
  /** Why it cannot run here, as sentences for the author. */
  readonly reason: string;
  /** What the author wrote, as far as it has a bounded size. */
  readonly settings: JsonObject;
}

/** What needs connections to the outside, and runs where the operator allows them. */
export type OutboundAction = HttpAction | JudgeAction;

export type Action = CommandAction | OutboundAction | UnsupportedAction;

/** The hook's script; undefined for a hook that is not a command. */
export function scriptOf({ action }: { readonly action: Action }): Script | undefined {
  return action.kind === 'command' ? action.script : undefined;
}

/** A key that is equal for actions that do the same. */
export function actionKey(action: Action): string {
  if (action.kind === 'command') return scriptKey(action.script);
  if (action.kind !== 'unsupported') {
    // The settings are what fits, so two actions may differ only in what does not.
    const { settings: _, ...rest } = action;
    return JSON.stringify(rest);
  }
  return `${action.kind}\n${action.type}\n${JSON.stringify(action.settings)}`;
}
