/**
 * Variables of a hook's process: those that name the project's folder, and those that the hooks
 * file sets.
 */
import { findDialect } from '../agents/registry.ts';
import { shown } from '../protocol/shown.ts';
import { leadingVariable } from './needs/variable.ts';

export function folderVariablesOf(dialect: string): readonly string[] {
  return findDialect(dialect).folderVariables;
}

/**
 * Whether a variable names the folder of a plugin or an extension. In a workspace, which is the
 * project that the agent works in, the plugin is what went along with the hook.
 */
export function namesPlugin(variable: string): boolean {
  return /PLUGIN_ROOT$|^extensionPath$/.test(variable);
}

/** Whether a text has one of the names as a word, in whatever way it reads the variable. */
export function mentionsAny(text: string, names: readonly string[]): boolean {
  return names.length > 0 && new RegExp(`\\b(?:${names.join('|')})\\b`).test(text);
}

/** Variables that bash computes or refuses to set, or that change how it reads the script. */
const ownedByBash =
  /^(?:BASH.*|COMP_.*|DIRSTACK|ENV|EPOCH.*|EUID|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|OPT(?:ARG|ERR|IND)|PIPESTATUS|POSIXLY_CORRECT|PPID|PS4|S?RANDOM|SECONDS|SHELLOPTS|UID|_)$/;

/** The first problem of the variables that a hooks file sets; undefined when there is none. */
export function environmentProblem(
  environment: Readonly<Record<string, string>>,
): string | undefined {
  for (const [name, value] of Object.entries(environment)) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      return `"${shown(name)}" is no name of a variable: use letters, digits and _.`;
    if (ownedByBash.test(name))
      return `${shown(name)} cannot be set: bash gives it a meaning of its own.`;
    if (value.includes('\0') || !value.isWellFormed())
      return `The value of ${shown(name)} has a character that no variable can hold.`;
    const reference = referenceIn(value);
    if (reference !== undefined) {
      return `${shown(name)} needs ${shown(reference)} of the agent's machine, which a sandbox does not have.`;
    }
  }
  return undefined;
}

/** The first `${env.NAME}` of a value. When it has no closing brace, no later one has. */
function referenceIn(value: string): string | undefined {
  const start = value.indexOf('${env.');
  const end = start === -1 ? -1 : value.indexOf('}', start);
  return end === -1 ? undefined : value.slice(start, end + 1);
}

/**
 * A program whose path begins with a variable that the command nowhere mentions without `$` is
 * certainly not found.
 * @returns the problem as a sentence.
 */
export function unsetVariable(path: string, command: string): string | undefined {
  const { name = '', length = 0 } = leadingVariable(path) ?? {};
  if (!path.startsWith('/', length) || ownedByBash.test(name) || /^\d/.test(name)) return undefined;
  if (name.length > maxNameLength || isMentioned(name, command)) return undefined;
  return `needs the variable ${name}, which neither a sandbox nor this hook sets: write the path without it.`;
}

/** A longer name is not searched for. */
const maxNameLength = 200;

/** The name stands in the command as a word without `$` or `${` before it. */
function isMentioned(name: string, command: string): boolean {
  for (let at = command.indexOf(name); at !== -1; at = command.indexOf(name, at + name.length)) {
    const after = command.charAt(at + name.length);
    if (!/[$\w{]/.test(command.charAt(at - 1)) && !/\w/.test(after)) return true;
  }
  return false;
}
