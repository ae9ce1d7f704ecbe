/** The guards that are measured, and how they are started with no sandbox at all. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Decision, type Hook, parseHooksFile } from '../src/index.ts';

export const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** One event, two guards that block it. */
export const hooksFile = `
hooks:
  PreToolUse:
    - name: python3-json-re
      matcher: Bash
      failMode: block
      script: |
        #!/usr/bin/env python3
        import json, re, sys
        command = json.load(sys.stdin).get("tool_input", {}).get("command", "")
        if re.search(r"\\brm\\s+-rf\\b", command):
            print(json.dumps({"decision": "block", "reason": "rm -rf is not permitted."}))
    - name: bash-builtins
      matcher: Bash
      failMode: block
      script: |
        #!/bin/bash
        read -r context
        if [[ $context =~ rm[[:space:]]+-rf ]]; then
          echo 'rm -rf is not permitted.' >&2
          exit 2
        fi
`;
export const hooks = parseHooksFile('bench', hooksFile);
export const context = Buffer.from(
  `${JSON.stringify({
    hook_event_name: 'PreToolUse',
    agent_name: 'bench',
    current_turn: 1,
    max_turns: 50,
    tool_name: 'Bash',
    tool_input: { command: 'cd /srv/app && rm -rf ./releases' },
    call_id: 'call_1',
  })}\n`,
);

export interface Guard {
  readonly hook: Hook;
  readonly command: string;
  readonly file: string;
}

/** The script as a child process of Node, no sandbox: context on stdin, wait until its pipes are closed. */
export function bare({ command, file }: Guard): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [file], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (bytes) => {
      said += bytes;
    });
    child.stderr.on('data', (bytes) => {
      said += bytes;
    });
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.on('close', (code) =>
      said.includes('not permitted') ? resolve() : reject(new Error(`The bare guard ended with ${code}: ${said}`)),
    );
    child.stdin.end(context);
  });
}

/** @throws Error for anything but the decision that the guards were written to make. */
export function expectBlock({ decision, cause }: Pick<Decision, 'decision' | 'cause'>): void {
  if (decision === 'block' && cause?.kind !== 'fail-mode') return;
  throw new Error(`The guard did not block: ${JSON.stringify({ decision, cause })}`);
}

/** The scripts as files in `folder`. */
export async function writeGuards(folder: string): Promise<Guard[]> {
  return Promise.all(
    hooks.hooks.map(async ({ hook }) => {
      const runtime = hook.script?.runtime ?? 'bash';
      const file = path.join(folder, runtime);
      await writeFile(file, hook.script?.source ?? '');
      return { hook, file, command: runtime === 'bash' ? 'bash' : python };
    }),
  );
}
