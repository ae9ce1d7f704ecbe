/** OpenAI Codex: hooks.json, and `[hooks]` of a config.toml. */

import type { AgentFormat, KeyRule } from '../file-format.ts';
import { as, ignored, typeOf } from '../key-rules.ts';
import { codexBridge } from './bridge-file.ts';

/** The shortest timeout is 1 s ("min 1"). */
const timeout: KeyRule = (value) => ({
  set: { timeout: typeof value === 'number' ? Math.max(1, value) : value },
});

export const codexHooks = {
  format: 'codex-hooks',
  about: 'Codex',
  dialects: ['codex'],
  bridge: codexBridge,
  folders: ['.codex'],
  manifests: ['.codex-plugin/plugin.json'],
  variables: ['PLUGIN_ROOT', 'CODEX_HOME'],
  layout: 'groups',
  isToml: true,
  isGrouped: () => true,
  rootKeys: {},
  /** `state` lists the hooks that the user trusts. */
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
    /** The length from which Codex moves a hook's context into a file. */
    additionalContextLimit: ignored,
    visibilityHint: ignored,
    async: as('async'),
  },
} as const satisfies AgentFormat;
