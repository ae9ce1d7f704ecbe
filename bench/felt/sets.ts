/** The hook sets of the bench of what is felt: one guard, or several hooks on one event. */
import { type GuardName, guardOf } from '../guards.ts';
import { programOf } from '../machine.ts';

/** The agent whose hooks are measured: it runs all hooks of an event at the same time. */
export const agent = 'claude-code';

export interface HookSetUnderTest {
  /** Name of the hook set in the servers. */
  readonly name: string;
  readonly guard: GuardName;
  /** Scripts of the hooks; the last one blocks every context, and the others object to none. */
  readonly scripts: readonly string[];
  /** The hooks file. */
  readonly file: string;
  /** The interpreter of this machine. */
  readonly program: string;
  /** The program of an image that runs them. */
  readonly interpreter: string;
}

/** The command that a hook which objects to nothing looks for. */
const absent = 'mkfs';

export function setOf(name: GuardName, hooks: number): HookSetUnderTest {
  const { hookset, script, interpreter } = guardOf(name);
  const passing = script.replaceAll(/rm(\\s\+-|\[\[:space:\]\]\+-)rf/g, absent);
  if (passing === script) throw new Error(`${name} cannot be made to object to nothing.`);
  // Two hooks with the same text would be one.
  const scripts = Array.from({ length: hooks }, (_, at) =>
    at === hooks - 1 ? script : `${passing}${interpreter === 'node' ? '//' : '#'} ${at}\n`,
  );
  const entries = scripts.map(
    (text, at) =>
      `    - name: h${at}\n      matcher: Bash\n      failMode: block\n      script: ${JSON.stringify(text)}\n`,
  );
  return {
    name: `${hookset}-x${hooks}`,
    guard: name,
    scripts,
    file: `dialect: ${agent}\nhooks:\n  PreToolUse:\n${entries.join('')}`,
    program: programOf(interpreter),
    interpreter,
  };
}
