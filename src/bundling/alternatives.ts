/** The commands of a shell text that run where another one fails. */
import type { ShellCommand } from '../protocol/shell-text.ts';
import { type Called, ownFolders, pythonStarts, shellStarts, shells } from './called.ts';
import { nodePrograms, nodeStart } from './node-start.ts';
import { uvScript } from './uv.ts';

/** The most commands that are looked at behind one. */
const maxSteps = 30;

/** Those after `||`. What stands in a substitution comes before the command that it is a part of. */
export function alternativesTo(
  commands: readonly ShellCommand[],
  index: number,
): readonly ShellCommand[] {
  const found: ShellCommand[] = [];
  if (commands[index]?.joiner !== '||') return found;
  for (const command of commands.slice(index + 1, index + 1 + maxSteps)) {
    const isInside = command.joiner === '' && command !== commands.at(-1);
    if (isInside) continue;
    found.push(command);
    if (command.joiner !== '||') break;
  }
  return found;
}

/** The script file that a command starts, as it is written. */
export function scriptOf({ program, given }: Called): string | undefined {
  if (shells.includes(program)) return shellStarts(given).file;
  if (/^python3?$/.test(program)) return pythonStarts(given).file;
  if (program === 'uv') return uvScript(given)?.words[0];
  if (nodePrograms.has(program)) return nodeStart(program, given)?.words[0];
  return program.includes('/') && !ownFolders.test(program) ? program : undefined;
}
