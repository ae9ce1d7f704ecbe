/** Programs that a command passes to a script file which runs its arguments. */
import { readShell } from '../../protocol/shell-text.ts';
import { calledBy } from '../called.ts';
import { nameOf } from '../inside.ts';
import { bashWords, imagePrograms } from './image.ts';

const known = new Set([...imagePrograms, ...bashWords]);

/** Whether a shell text runs the arguments that it is given: `"$@"` in the place of a program. */
export function runsArguments(text: string): boolean {
  if (!text.includes('$@')) return false;
  return readShell(text).commands.some(({ words }) => calledBy(words).program === '$@');
}

/**
 * The programs behind the scripts in `make` of `./run.sh make`, as far as a sandbox lacks them.
 * @param scripts paths of files that run their arguments.
 */
export function passedPrograms(command: string, scripts: readonly string[]): string[] {
  const names = new Set(scripts.map(nameOf));
  const programs = readShell(command).commands.map(({ words }) => {
    const at = words.findIndex((word) => names.has(nameOf(word)));
    return at === -1 ? '' : calledBy(words.slice(at + 1)).program;
  });
  return programs.filter((name) => /^[A-Za-z_][\w.+-]*$/.test(name) && !known.has(name));
}
