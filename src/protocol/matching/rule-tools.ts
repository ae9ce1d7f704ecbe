/** Which tools the name of a condition stands for: `Edit` of `Edit(src/**)`. */
import { type Matching, maxSubjectLength } from './patterns/matching.ts';
import { compileWildcard } from './patterns/wildcard.ts';

/**
 * Rules that cover more tools than the one that they name. Source: Claude Code's tools reference,
 * "Edit | Edit, Write, NotebookEdit", and the tools that took the same places in earlier versions.
 */
const covered: Readonly<Record<string, readonly string[]>> = {
  Bash: ['Bash', 'Monitor'],
  Edit: ['Edit', 'Write', 'MultiEdit', 'NotebookEdit'],
  Read: ['Read', 'Grep', 'Glob', 'LS', 'LSP', 'NotebookRead'],
};

/** Tools that look at many files, of which their input names only the folder. */
export const searches: ReadonlySet<string> = new Set(['Grep', 'Glob', 'LS']);

export type ToolTest = (name: string, matching: Matching) => boolean;

/** @param tool a name with `*` for any text; `mcp__server` stands for all tools of the server. */
export function compileToolTest(tool: string): ToolTest {
  if (tool.includes('*')) {
    const matches = compileWildcard(tool);
    return (name, matching) =>
      name.length > maxSubjectLength ? matching.cannotTell() : matches(name);
  }
  if (tool.startsWith('mcp__')) return (name) => name === tool || name.startsWith(`${tool}__`);
  const names = new Set(toolsOf(tool));
  return (name) => names.has(name);
}

/** The tools that a rule without `*` names or covers. */
export function toolsOf(tool: string): readonly string[] {
  return Object.hasOwn(covered, tool) ? (covered[tool] as readonly string[]) : [tool];
}
