/** Docker Agent: the `hooks` of an agent in a YAML file. Only tool events have groups. */

import type { Facts } from '../file-facts.ts';
import type { AgentFormat, KeyRule } from '../file-format.ts';
import { as, ignored, nameRule, word } from '../key-rules.ts';
import { dockerAgentBridge } from './bridge-file.ts';
import { dockerAgent } from './dialect.ts';
import { dockerAgentStrict } from './dialect-strict.ts';
import { args, command, type } from './http-post.ts';

/** A timeout of 0 or less means the default. */
const timeout: KeyRule = (value) =>
  typeof value === 'number' && value <= 0 ? {} : { set: { timeout: value } };

export const dockerAgentHooks = {
  format: 'docker-agent',
  about: 'Docker Agent',
  dialects: ['docker-agent', 'docker-agent-gen2', 'docker-agent-strict'],
  bridge: dockerAgentBridge,
  choose: (facts) => (isStrict(facts) ? dockerAgentStrict.name : undefined),
  folders: [],
  layout: 'agents',
  isFallback: true,
  isGrouped: (rules) => rules.usesMatcher,
  refusesUnknownKeys: true,
  rootKeys: {},
  besideEvents: {},
  groupKeys: { matcher: as('matcher'), preempt_yolo: ignored },
  hookKeys: {
    type,
    command,
    timeout,
    name: nameRule,
    // warn and ignore do not open an event that fails closed: they choose the event's default.
    on_error: word('on_error', {
      warn: { failMode: undefined },
      ignore: { failMode: undefined, quiet: true },
      block: { failMode: 'block' },
    }),
    strict_output: as('strictOutput'),
    args,
    prompt: as('prompt'),
    model: as('model'),
    schema: ignored,
    env: as('env'),
    working_dir: as('workingDir'),
  },
} as const satisfies AgentFormat;

/**
 * The documented contract has none of these keys; a file with one of them is for the current
 * release, which has all of them.
 */
const strictKeys = [
  'name',
  'on_error',
  'strict_output',
  'args',
  'env',
  'working_dir',
  'preempt_yolo',
];

function isStrict({ events, groupKeys, hookKeys }: Facts): boolean {
  const isNew = (event: string) =>
    event in dockerAgentStrict.events && !(event in dockerAgent.events);
  return events.some(isNew) || [...groupKeys, ...hookKeys].some((key) => strictKeys.includes(key));
}
