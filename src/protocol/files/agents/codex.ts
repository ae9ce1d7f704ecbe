/** OpenAI Codex: hooks.json, and `[hooks]` of a config.toml. */
import { type AgentFormat, as, ignored, typeOf } from './agent-format.ts';

export const codexHooks: AgentFormat = {
  format: 'codex-hooks',
  about: 'Codex',
  dialects: ['codex'],
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
    timeout: as('timeout'),
    timeoutSec: as('timeout'),
    statusMessage: ignored,
    async: as('async'),
  },
};
