/** What became of a hook at an event. */

export const hookStates = [
  'would-run',
  'ran',
  'started',
  'shadow',
  'chain-ended',
  'once',
  'other-event',
  'switched-off',
  'matcher',
  'source',
  'condition',
  'duplicate',
] as const;
export type HookState = (typeof hookStates)[number];
