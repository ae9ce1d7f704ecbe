/** OpenAI Codex: hooks.json, and `[hooks]` of a config.toml. */
import { type AgentFormat, as, ignored, type KeyRule, typeOf } from '../file-format.ts';

/** "min 1" */
const timeout: KeyRule = (value) => ({ set: { timeout: typeof value === 'number' ? Math.max(1, value) : value } });

export const codexHooks = {
  format: 'codex-hooks',
  about: 'Codex',
  dialects: ['codex'],
  layout: 'groups',
  isToml: true,
  isGrouped: () => true,
  rootKeys: {},
  /** Which hooks the user trusts. */
  besideEvents: { state: ignored },
  groupKeys: { matcher: as('matcher') },
  hookKeys: {
    type: typeOf('prompt', 'agent'),
    command: as('command'),
    prompt: as('prompt'),
    commandWindows: ignored,
    command_windows: ignored,
    timeout,
    timeoutSec: timeout,
    statusMessage: ignored,
    async: as('async'),
  },
} as const satisfies AgentFormat;
