/** The options of commands that read hooks files; load-hooks.ts reads them. */
export const fileOptionNames = {
  dialect: { type: 'string' },
  agent: { type: 'string' },
  project: { type: 'string' },
  'fail-mode': { type: 'string' },
} as const;
