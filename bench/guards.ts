/** The measured guards, and their contexts. Each guard blocks every context. */

import { type Decision, type Hook, parseHooksFile } from '../src/index.ts';
import type { CommandAction } from '../src/protocol/action.ts';
import type { Runtime } from '../src/protocol/run.ts';

/** The guards that the image `small` can run: every contender runs them. */
export const guardNames = ['python3 JSON + regex', 'bash + jq', 'bash builtins'] as const;
/** Runs in the image `full` only. */
export const nodeGuardName = 'node JSON + regex';
export const allGuardNames = [...guardNames, nodeGuardName] as const;
export type GuardName = (typeof allGuardNames)[number];

export interface Guard {
  readonly name: GuardName;
  /** Name of its hook set in a server. */
  readonly hookset: string;
  /** The hooks file with this guard alone. */
  readonly file: string;
  readonly hook: Hook<CommandAction>;
  readonly interpreter: Runtime;
  readonly script: string;
}

export interface BenchContext {
  /** JSON and a line end, as agents write it. */
  readonly bytes: Buffer;
  readonly text: string;
}

const scripts: Readonly<Record<GuardName, string>> = {
  'python3 JSON + regex': `#!/usr/bin/env python3
import json, re, sys
command = json.load(sys.stdin).get("tool_input", {}).get("command", "")
if re.search(r"\\brm\\s+-rf\\b", command):
    print(json.dumps({"decision": "block", "reason": "rm -rf is not permitted."}))
`,
  'bash + jq': `#!/bin/bash
command=$(jq -r '.tool_input.command // ""')
if [[ $command =~ rm[[:space:]]+-rf ]]; then
  echo 'rm -rf is not permitted.' >&2
  exit 2
fi
`,
  'bash builtins': `#!/bin/bash
read -r context
if [[ $context =~ rm[[:space:]]+-rf ]]; then
  echo 'rm -rf is not permitted.' >&2
  exit 2
fi
`,
  'node JSON + regex': `#!/usr/bin/env node
const { tool_input: { command = '' } = {} } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
if (/\\brm\\s+-rf\\b/.test(command))
  console.log(JSON.stringify({ decision: 'block', reason: 'rm -rf is not permitted.' }));
`,
};

/**
 * The tenant of all contenders, because two tenants would take each other's sandboxes. It is the
 * server's default tenant.
 */
export const tenant = 'default';
/** The objection that every guard prints on stdout or stderr. */
export const objection = 'not permitted';
export const { dialect } = parseHooksFile('bench', 'hooks: {}');
/** The guards of guardNames. */
export const guards: readonly Guard[] = guardNames.map(toGuard);
export const nodeGuard: Guard = toGuard(nodeGuardName);

function toGuard(name: GuardName): Guard {
  const script = scripts[name];
  const hookset = name.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
  const file = `hooks:\n  PreToolUse:\n    - name: ${hookset}\n      matcher: Bash\n      failMode: block\n      script: ${JSON.stringify(script)}\n`;
  const hook = parseHooksFile(name, file).hooks[0]?.hook;
  if (hook?.action.kind !== 'command') throw new Error(`${name} has no script.`);
  const { action } = hook;
  const { runtime, source } = action.script;
  return { name, hookset, file, hook: { ...hook, action }, interpreter: runtime, script: source };
}

/** The guard with this name. */
export function guardOf(name: GuardName): Guard {
  const guard = [...guards, nodeGuard].find((one) => one.name === name);
  if (guard === undefined) throw new Error(`There is no guard ${name}.`);
  return guard;
}

/**
 * A context of about `bytes` bytes in one line: a command that must be blocked, and the content of
 * a file.
 */
export function contextOf(bytes: number): BenchContext {
  const event = {
    hook_event_name: 'PreToolUse',
    agent_name: 'bench',
    current_turn: 1,
    max_turns: 50,
    tool_name: 'Bash',
    tool_input: { command: 'cd /srv/app && rm -rf ./releases', file: '' },
    call_id: 'call_1',
  };
  const missing = Math.max(0, bytes - JSON.stringify(event).length - 1);
  const line = 'An ordinary line of some file, 48 characters. ok\n';
  event.tool_input.file = line.repeat(Math.ceil(missing / (line.length + 1))).slice(0, missing);
  const text = JSON.stringify(event);
  return { text, bytes: Buffer.from(`${text}\n`) };
}

/** @throws Error if the decision is not the block that the guards return. */
export function expectBlock({ decision, cause }: Pick<Decision, 'decision' | 'cause'>): void {
  if (decision === 'block' && cause?.kind !== 'fail-mode') return;
  throw new Error(`The guard did not block: ${JSON.stringify({ decision, cause })}`);
}
