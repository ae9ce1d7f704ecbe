/** Which commands a shell text can do without, because it starts a script whatever becomes of them. */

import type { ShellCommand } from '../../protocol/shell-text.ts';
import { calledBy, ownFolders, pythonStarts, shellStarts, shells } from '../called.ts';

/** The list goes on behind these after a command that is not found. */
const goingOn = [';', '\n', '&', '||'];
/** A command that is not found ends these, or the result of the list depends on it. */
const joining = ['&&', '|', ''];

/** @returns for each command whether a later one, which starts a script, still runs. */
export function dispensable(commands: readonly ShellCommand[]): readonly boolean[] {
  const found = commands.map(() => false);
  if (commands.some(({ words }) => endsAtFaults(words))) return found;
  let starts = false;
  for (let at = commands.length - 1; at >= 0; at--) {
    const { joiner, words } = commands[at] as ShellCommand;
    const next = commands[at + 1];
    if (goingOn.includes(joiner)) found[at] = starts;
    else if (joining.includes(joiner)) found[at] = found[at + 1] === true;
    // What stands in a substitution comes before the command that it is a part of.
    if (joiner === '' && next !== undefined && startsScript(next.words)) found[at] = true;
    starts ||= startsScript(words);
  }
  return found;
}

function endsAtFaults([program = '', ...given]: readonly string[]): boolean {
  return program === 'set' && given.some((word) => /^-[a-z]*e|^errexit$/.test(word));
}

function startsScript(words: readonly string[]): boolean {
  const { program, given } = calledBy(words);
  if (shells.includes(program)) {
    const { text, file } = shellStarts(given);
    return text !== undefined || file !== undefined;
  }
  if (/^python3?$/.test(program)) {
    const { file, module } = pythonStarts(given);
    return file !== undefined || module !== undefined || given.includes('-c');
  }
  return program.includes('/') && !ownFolders.test(program);
}
