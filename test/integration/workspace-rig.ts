/** Workspaces before the real engine: folders, a pool that may mount them, and events in them. */
import { findDialect } from '../../src/agents/registry.ts';
import { openProject } from '../../src/cli/project-folder.ts';
import { readConfig } from '../../src/config.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { Workspaces } from '../../src/sandbox/workspace/workspaces.ts';
import { testPool } from '../support/pool.ts';
import { workspaceFolder } from '../support/workspace-folder.ts';

export const { ociRuntime } = readConfig();

/** What programs say of what they may not do; under gVisor also the last three. */
export const refused =
  /Read-only file system|Permission denied|Invalid argument|No such device|Operation not permitted/;

export class WorkspaceRig {
  readonly made = workspaceFolder();
  readonly app = this.made.folder('app');
  readonly sub = this.made.folder('app/sub');
  readonly other = this.made.folder('other');
  readonly outside = this.made.folder('outside');
  readonly each = this.made.folder('each');
  readonly workspaces = new Workspaces([this.app, this.other, `${this.each}/*`]);
  readonly pool: Pool;

  constructor() {
    this.made.file('app/sub/edited.py', 'import os\n');
    this.made.file('app/closed.txt', 'closed', 0o600);
    this.made.file('other/note.txt', 'other');
    this.made.file('outside/secret.txt', 'secret');
    this.pool = testPool({ max: 4, workspaces: this.workspaces });
  }

  async close(): Promise<void> {
    await this.pool.drain();
    this.made.remove();
  }

  /** @param project folder of the files that the hook names */
  compile(hook: object, project?: string): readonly Hook[] {
    const file = { dialect: 'claude-code', hooks: { PreToolUse: [hook] } };
    const files = project === undefined ? undefined : openProject(project);
    const set = parseHooksFile('hooks.json', JSON.stringify(file), {}, files);
    return set.hooks.map((one) => one.hook);
  }

  /** Runs hooks for an event in a folder. */
  run(hooks: readonly Hook[], cwd: string | undefined): Promise<Decision> {
    const context = {
      hook_event_name: 'PreToolUse',
      tool_name: 'Edit',
      tool_input: { file_path: `${this.sub}/edited.py` },
      cwd,
    };
    const dialect = findDialect('claude-code');
    const request = { dialect, hooks, context: Buffer.from(JSON.stringify(context)) };
    return evaluate(request, (job, signal) => execute(this.pool, job, signal, this.workspaces));
  }

  decide(hook: object, cwd: string | undefined): Promise<Decision> {
    return this.run(this.compile(hook), cwd);
  }

  /** What a bash script prints. */
  async printed(script: string, cwd: string | undefined = this.app): Promise<string> {
    const { results } = await this.decide(
      { script: `#!/bin/bash\n{ ${script}\n} >&2 2>&1; exit 2` },
      cwd,
    );
    return String(results[0]?.reason).trim();
  }
}

/** The engine, with something that happens between the look-up of a folder and its mount. */
export function engineAfter(happens: () => void): Engine {
  const engine = new Engine();
  const create = engine.create.bind(engine);
  engine.create = (spec) => {
    happens();
    return create(spec);
  };
  return engine;
}
