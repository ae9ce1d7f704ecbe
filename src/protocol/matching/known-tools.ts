/** The tools of an agent, by all of their names, and which of them a wrong name means. */
import type { Dialect, EventRules } from '../dialect.ts';
import { compileMatcher } from './matcher.ts';
import { quotePattern } from './patterns/problem.ts';
import { toolsOf } from './rule-tools.ts';

/** The names that other agents have for tools; source: the dialects of src/agents. */
const ofOtherAgents = {
  Bash: /^(?:local_)?shell$|^(?:exec_command|unified_exec|run_shell_command|run_terminal_(?:cmd|command)|run_in_terminal|execute_(?:bash|command)|terminal)$/i,
  Write: /^(?:write_file|create_file|fs_write|write_to_file)$/i,
  Edit: /^(?:edit_file|replace|str_replace_editor|replace_in_file|apply_patch)$/i,
  Read: /^(?:read_file|fs_read)$/i,
};

export function knownTools({ tools = [], matcherAliases = {} }: Dialect): readonly string[] {
  return [...new Set([...tools, ...Object.values(matcherAliases).flat()])];
}

/** The tools that a condition stands for, under all of their names. */
export function namesOf({ matcherAliases = {} }: Dialect, tool: string): readonly string[] {
  const covered = toolsOf(tool);
  const named = Object.keys(matcherAliases).filter((name) =>
    matcherAliases[name]?.some((alias) => covered.includes(alias)),
  );
  return [...covered, ...named];
}

/** @param matcher one that is known to be valid. */
export function matchedBy(dialect: Dialect, rules: EventRules, matcher: string) {
  const matches = compileMatcher(dialect, matcher, rules.matcher);
  return (name: string) => matches(name);
}

/** A warning where a tool has this name in another case. */
export function otherCase(dialect: Dialect, what: string, name: string): string[] {
  const meant = knownTools(dialect).find((tool) => tool.toLowerCase() === name.toLowerCase());
  return meant === undefined ? [] : [isMeant(dialect, what, name, meant)];
}

/** A warning where another agent's tool has this name. */
export function otherAgent(dialect: Dialect, name: string): string[] {
  const [meant] = Object.entries(ofOtherAgents).find(([, names]) => names.test(name)) ?? [];
  return meant === undefined || !knownTools(dialect).includes(meant)
    ? []
    : [isMeant(dialect, 'matcher', name, meant)];
}

function isMeant(dialect: Dialect, what: string, name: string, meant: string): string {
  return `The ${what} names ${quotePattern(name)}, and the tool of ${dialect.about} is ${meant}: write ${meant}.`;
}
