/** A folder with a guard and test files for it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Blocks rm; certain commands make it hang, crash, or leave a file behind. */
export const guardedHooks = `hooks:
  PreToolUse:
    - name: guard
      matcher: Bash
      failMode: block
      timeout: 2
      script: |
        #!/bin/bash
        command=$(jq -r '.tool_input.command')
        [[ -e /tmp/mark ]] && { echo 'somebody was here' >&2; exit 1; }
        case $command in
          rm*) echo 'no rm' >&2; exit 2 ;;
          touch) touch /tmp/mark ;;
          sleep) sleep 60 ;;
          crash) echo '<last> & "words"' >&2; exit 7 ;;
        esac
  Stop:
    - name: end
      command: exit 0
`;

export class HookTestFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'hookpool-test-'));

  constructor() {
    this.put('hooks.yaml', guardedHooks);
  }

  put(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  /** A test file of cases for PreToolUse: `[name, command, expectation]`. */
  putCases(...list: readonly (readonly [string, string, string])[]): string {
    const cases = list.map(
      ([name, command, expectation]) =>
        `  - name: ${JSON.stringify(name)}\n    event: PreToolUse\n    context: { tool_name: Bash, tool_input: { command: ${command} } }\n    expect: { ${expectation} }\n`,
    );
    return this.put('hooks.hooktest.yaml', `cases:\n${cases.join('')}`);
  }

  file(name: string): string {
    return path.join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

export const blocks = [
  'blocks rm',
  'rm -rf',
  'decision: block, reason: no rm, decidedBy: guard, cause: exit-code',
] as const;
export const passes = ['passes ls', 'ls', 'decision: none'] as const;
