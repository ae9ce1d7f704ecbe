/** What each agent makes of a changed input, written from its own sources and documents. */
import type { Answer } from '../../src/answering/answer-for.ts';
import { isObject, type Json, stdoutOf } from './printed.ts';

/**
 * The tool's input after a hook's answer, by what each agent does with it; undefined: it has no
 * words for that.
 */
type InputReader = (root: Json) => Json;

const nestedInput: InputReader = (root) => root.hookSpecificOutput?.updatedInput;
const dockerInput: InputReader = (root) => root.hook_specific_output?.updated_input;

const inputs: Readonly<
  Record<string, readonly [read: InputReader, does: 'replace' | 'merge' | 'either']>
> = {
  'claude-code': [nestedInput, 'replace'],
  'claude-code-2025': [nestedInput, 'replace'],
  codex: [nestedInput, 'replace'],
  vscode: [nestedInput, 'replace'],
  'gemini-cli': [(root) => root.hookSpecificOutput?.tool_input, 'replace'],
  copilot: [(root) => root.modifiedArgs, 'replace'],
  'docker-agent': [dockerInput, 'either'],
  'docker-agent-gen2': [dockerInput, 'either'],
  'docker-agent-strict': [dockerInput, 'merge'],
  agentpool: [(root) => root.modified_input, 'merge'],
  crush: [(root) => root.updated_input, 'merge'],
};

/** With which input the tool may run: of an agent whose editions differ, each one's. */
export function inputsAfter(dialect: string, answer: Answer, before: Json): readonly Json[] {
  const [read, does] = inputs[dialect] ?? [() => undefined, 'replace'];
  const root = stdoutOf(answer);
  const given = isObject(root) ? read(root) : undefined;
  if (given === undefined) return [before];
  const merged = { ...before, ...given };
  return does === 'either' ? [given, merged] : [does === 'merge' ? merged : given];
}
