/** Other ways to name the project's folder in a command. */
import { projectPath } from '../protocol/bundle.ts';

/**
 * `$(git rev-parse --show-toplevel)`, with `2>/dev/null` and a fallback to the working folder. The
 * image has no git, and what is meant is the folder of the project.
 */
const topLevel =
  /(?:\$\(|`) {0,9}git rev-parse --show-toplevel(?: {1,9}2> {0,9}\/dev\/null)?(?: {0,9}\|\| {0,9}(?:pwd|echo {1,9}"?(?:\.|\$PWD|\$\{?CLAUDE_PROJECT_DIR(?::-\.)?\}?)"?))? {0,9}[)`]/g;

export function withProjectFolder(command: string): string {
  return command.replace(topLevel, projectPath);
}
