/** Patterns of commands in conditions, `git push *`, and the lines that they are compared with. */
import type { Matching } from './patterns/matching.ts';
import { compileWildcard } from './patterns/wildcard.ts';
import { splitShell } from './shell-line.ts';
import { compileWrapped } from './wrapped.ts';

/** Whether the line may run a command that the pattern describes. */
export type CommandRule = (line: string, matching: Matching) => boolean;

export function compileCommandRule(pattern: string): CommandRule {
  // `git:*` is an older spelling of `git *`, and `git *` also matches git alone.
  const spelt = pattern.replace(/:\*$/, ' *');
  const nameOnly = /^[^\s*]+ \*$/.test(spelt) || !/\s/.test(spelt);
  const whole = compileWildcard(spelt);
  const alone = spelt.endsWith(' *') ? compileWildcard(spelt.slice(0, -2)) : whole;
  const isWrapped = compileWrapped(spelt);
  const [beginning = ''] = spelt.replace(/ \*$/, '').split('*');
  return (line, matching) => {
    const split = matching.once(splitShell, line);
    if (split === undefined || (split.expands && !nameOnly)) return true;
    const { commands, plain, beginnings, loose } = split;
    // Two patterns test each text, and at worst read each of its characters; the name of a command
    // given as a path occurs twice.
    const texts = commands.length + plain.length + beginnings.length;
    const steps = 2 * texts + loose.length + 4 * line.length;
    if (!matching.spend(steps)) return matching.cannotTell();
    const matches = (command: string) => whole(command) || alone(command);
    if (commands.some(matches) || plain.some(matches) || loose.some(isWrapped)) return true;
    // The text behind the beginning may be anything.
    return beginnings.some((known) => known.startsWith(beginning) || beginning.startsWith(known));
  };
}
