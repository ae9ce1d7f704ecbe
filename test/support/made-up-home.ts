/** A project and a home folder for one test, and hookpool called in them. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CliResult } from './cli.ts';
import { hookpoolHere } from './cli-here.ts';

export class MadeUpHome {
  readonly #root = mkdtempSync(path.join(tmpdir(), 'hookpool-home-'));
  readonly project = path.join(this.#root, 'project');
  readonly home = path.join(this.#root, 'home');

  constructor() {
    mkdirSync(this.project);
    mkdirSync(this.home);
  }

  /** Variables that agents and records look at are those of this home. */
  get env(): NodeJS.ProcessEnv {
    const none = [
      'CLAUDE_CONFIG_DIR',
      'CODEX_HOME',
      'COPILOT_HOME',
      'GEMINI_CLI_HOME',
      'QWEN_HOME',
    ];
    const unset = [...none, 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'].map((name) => [name, '']);
    return { ...Object.fromEntries(unset), HOME: this.home };
  }

  call(...args: readonly string[]): Promise<CliResult> {
    return hookpoolHere(args, '', this.env, this.project);
  }

  write(name: string, text: string, mode = 0o644): string {
    const file = path.join(this.project, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    return file;
  }

  read(name: string): string {
    return readFileSync(path.join(this.project, name), 'utf8');
  }

  /** Every file and folder of the project, with the texts of files. */
  tree(): Readonly<Record<string, string>> {
    return treeOf(this.project);
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }
}

export function treeOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const place = path.join(entry.parentPath, entry.name);
      const text = entry.isFile() ? readFileSync(place, 'utf8') : '';
      return [path.relative(folder, place), text];
    }),
  );
}
